import { beforeAll, expect, it } from 'vitest';
import { badCampaigns, goodCampaign, messageOf } from '../support/bad-campaigns.ts';
import { needs } from '../support/database.ts';
import { startStage, type TestStage } from '../support/stage.ts';
import { type Answer, type Caller, keyHolder, type ProblemBody, storedRows } from './api.ts';

const CAMPAIGNS = '/api/v1/campaigns';

needs('postgres')('a bad campaign sent to the API', () => {
  let stage: TestStage;
  let author: Caller;
  beforeAll(async () => {
    stage = await startStage();
    author = await keyHolder(stage.instance.ctx, stage.url, 'author');
  });

  /** Sends, holds the answer against RFC 9457, and sees that nothing was stored. */
  async function refused(send: () => Promise<Answer>): Promise<ProblemBody> {
    const before = await storedRows(stage.instance.ctx);
    const answer = await send();
    expect(answer.type).toMatch(/^application\/problem\+json/);
    const problem = answer.body as unknown as ProblemBody;
    expect(problem).toMatchObject({ type: 'about:blank', status: answer.status });
    expect(problem.title).toMatch(/\S/);
    expect(problem.detail).toMatch(/\S/);
    expect(await storedRows(stage.instance.ctx)).toBe(before);
    return problem;
  }

  it.each(badCampaigns)('$name', async ({ document, field, says }) => {
    const problem = await refused(() => author.post(CAMPAIGNS, document));
    expect(problem).toMatchObject({ status: 422, code: 'invalid_input' });
    const named = problem.errors?.find((error) => error.field === field);
    expect(named?.message, JSON.stringify(problem.errors)).toMatch(says);
    expect(problem.detail).toContain(`${field}: `);
  });

  it('is told everything that is wrong at once', async () => {
    const document = goodCampaign({ goal: 'many', link: undefined, colour: 'red' });
    const { errors } = await refused(() => author.post(CAMPAIGNS, document));
    expect(errors?.map(({ field }) => field).sort()).toEqual(['colour', 'goal', 'link']);
  });

  it('a text that just fits is none: emoji and CJK count 2, a long link 23', async () => {
    const fits = goodCampaign({ slug: 'fits', messages: { en: messageOf(280) } });
    const made = await author.post(CAMPAIGNS, fits);
    expect(made.status).toBe(201);
    const previews = made.body?.previews as object[];
    expect(previews[0]).toMatchObject({ platform: 'x', length: 280, limit: 280 });
  });

  it('what is not JSON', async () => {
    for (const text of ['{ "title": ', 'title: Quiet rivers', '\ufeff', '{"a":1}{"b":2}']) {
      const problem = await refused(() => author.post(CAMPAIGNS, text));
      expect(problem.status).toBe(400);
      expect(problem.errors).toEqual([{ field: 'body', message: expect.stringMatching(/JSON/) }]);
    }
  });

  it.each([
    ['{"title":\n  {"en": "A",}}', '(line 2, column 14: "}}")'],
    ['title: A', '(line 1, column 1: "title: A")'],
    ['{ "title": ', '(it ends too soon, at line 1, column 12)'],
  ])('where %j is no JSON', async (text, where) => {
    const { status, errors } = await refused(() => author.post(CAMPAIGNS, text));
    expect(status).toBe(400);
    const message = `is not JSON ${where}; check the brackets, commas and quotes`;
    expect(errors).toEqual([{ field: 'body', message }]);
  });

  it.each([
    ['__proto__', '{"__proto__": {"goal": 5}}'],
    ['__proto__', '{"title": {"\\u005f_proto__": 1}}'],
    ['constructor', '{"constructor": {"prototype": 1}}'],
  ])('the name %s, in %s', async (name, text) => {
    const { status, errors } = await refused(() => author.post(CAMPAIGNS, text));
    expect(status).toBe(400);
    const message = `holds the name \`${name}\`, which is not taken; remove it`;
    expect(errors).toEqual([{ field: 'body', message }]);
  });

  const yaml = { 'content-type': 'application/yaml' };

  it('C1 a text that a comment swallows', async () => {
    const text = 'messages:\n  en: Stand with us #Rivers {{ link }}\ntitle:\n  en: A #B';
    const { status, errors } = await refused(() => author.post(CAMPAIGNS, text, yaml));
    expect(status).toBe(422);
    expect(errors?.map(({ message }) => message)).toEqual([
      expect.stringMatching(/messages\.en loses "#Rivers {{ link }}": .*\(line 2, column 21/),
      expect.stringMatching(/title\.en loses "#B": .*\(line 4, column 9/),
    ]);
  });

  it('C2 bytes that are not UTF-8, and letters that are lost', async () => {
    const document = goodCampaign({ title: { en: 'Tch\xe9tch\xe9nie' } });
    const latin1 = Buffer.from(JSON.stringify(document), 'latin1');
    const json = await refused(() => author.post(CAMPAIGNS, new Blob([latin1]).stream()));
    expect(json.errors).toEqual([
      { field: 'body', message: expect.stringMatching(/is not UTF-8: byte \d+, 0xE9, in line 1/) },
    ]);
    const file = Buffer.from('\uFEFFtitle:\n  en: A', 'utf16le');
    const wide = await refused(() => author.post(CAMPAIGNS, new Blob([file]).stream(), yaml));
    expect(wide.detail).toMatch(/^file: is text in UTF-16/);
    const lost = goodCampaign({ story: { en: 'Tch\uFFFDtch\uFFFDnie' } });
    expect((await refused(() => author.post(CAMPAIGNS, lost))).detail).toMatch(
      /^story\.en: has lost/,
    );
  });

  it.each(['10.000', '1e3', '10.5'])('C5 a goal of %s, in JSON and in YAML', async (goal) => {
    const text = JSON.stringify(goodCampaign({ goal: 77 })).replace('77', goal);
    for (const headers of [{}, yaml]) {
      const { errors } = await refused(() => author.post(CAMPAIGNS, text, headers));
      const message = expect.stringContaining(`in plain digits, and "${goal}" is not`);
      expect(errors).toEqual([{ field: 'goal', message }]);
    }
  });

  it('a name that is there twice, in JSON and in YAML', async () => {
    const text = JSON.stringify(goodCampaign({ goal: 77 })).replace(
      '"goal":77',
      '"goal":7,"goal":77',
    );
    const { status, errors } = await refused(() => author.post(CAMPAIGNS, text));
    expect(status).toBe(422);
    expect(errors).toEqual([
      {
        field: 'goal',
        message: expect.stringMatching(/^is here twice, again at line 1, column \d+; remove one$/),
      },
    ]);
    const file = await refused(() => author.post(CAMPAIGNS, text, yaml));
    expect(file.errors?.[0]?.message).toMatch(/the key `goal` is here twice/);
  });

  it('C12 what is nested so deeply that nothing could walk over it', async () => {
    const text = JSON.stringify(goodCampaign({ story: 77 })).replace(
      '77',
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
    );
    const json = await refused(() => author.post(CAMPAIGNS, text));
    expect(json).toMatchObject({ status: 422, code: 'invalid_input' });
    expect(json.errors).toEqual([
      { field: 'body', message: expect.stringMatching(/more than 100 brackets deep \(line 1, co/) },
    ]);
    const file = await refused(() => author.post(CAMPAIGNS, 'story: &a\n  en: *a\n', yaml));
    expect(file).toMatchObject({ status: 422, code: 'invalid_input' });
    expect(file.detail).toMatch(/^file: cannot be read: "\*a" stands for .*\(line 2, column 7/);
  });

  it('C2 a place in a text is the line of the file in YAML, and of the text in JSON', async () => {
    const story = { en: 'One\n\u202Etwo' };
    const json = await refused(() => author.post(CAMPAIGNS, goodCampaign({ story })));
    expect(json.detail).toMatch(/U\+202E \(line 2 of this text, column 1\)/);
    const text = '# A campaign\nstory:\n  en: |\n    One\n    \u202Etwo\n';
    const file = await refused(() => author.post(CAMPAIGNS, text, yaml));
    const named = file.errors?.find(({ field }) => field === 'story.en');
    expect(named?.message).toMatch(/U\+202E \(line 5 of the file, column 5\)/);
  });

  it('what is no mapping', async () => {
    for (const text of ['null', '[]', '"text"', '7']) {
      const problem = await refused(() => author.post(CAMPAIGNS, text));
      expect(problem.status).toBe(422);
      expect(problem.errors?.map(({ field }) => field)).toEqual(['campaign']);
    }
  });

  it('a body over the limit', async () => {
    const large = JSON.stringify(goodCampaign({ story: { en: 'a'.repeat(300 * 1024) } }));
    const problem = await refused(() => author.post(CAMPAIGNS, large));
    expect(problem.status).toBe(413);
    expect(problem.errors).toEqual([{ field: 'body', message: expect.stringMatching(/256 KiB/) }]);
    // Fewer characters than the limit, and more bytes.
    const wide = JSON.stringify(goodCampaign({ story: { en: '河'.repeat(100 * 1024) } }));
    expect((await refused(() => author.post(CAMPAIGNS, wide))).status).toBe(413);
    // Without a length that could be looked at first.
    const piece = new TextEncoder().encode(' '.repeat(64 * 1024));
    const pieces = new Blob(Array(5).fill(piece)).stream();
    expect((await refused(() => author.post(CAMPAIGNS, pieces))).status).toBe(413);
  });

  it.each([
    ['text/plain', 415],
    ['application/xml', 415],
    ['multipart/form-data; boundary=x', 415],
    ['application/x-www-form-urlencoded', 415],
    ['APPLICATION/X-WWW-FORM-URLENCODED', 415],
    ['application/x-www-form-urlencoded\t; charset=utf-8', 415],
    ['application/jsonp', 415],
    ['json', 415],
    ['application/json\t; charset=utf-8', 422],
    ['application/json ; charset=utf-8', 422],
    ['application/json;', 422],
    ['Application/JSON', 422],
    ['application/json; charset=utf-16', 422],
  ])('sent as %j is never taken unchecked', async (type, status) => {
    const document = goodCampaign({ slug: 'unchecked', goal: 'many' });
    const send = () => author.post(CAMPAIGNS, document, { 'content-type': type });
    const problem = await refused(send);
    expect(problem.status).toBe(status);
    expect(problem.errors?.map(({ field }) => field)).toEqual([status === 415 ? 'body' : 'goal']);
  });

  it('sent with nothing at all is asked for a campaign', async () => {
    const problem = await refused(() => author.post(CAMPAIGNS));
    expect(problem.status).toBe(422);
    expect(problem.errors?.map(({ field }) => field)).toEqual(['campaign']);
  });

  it.each([
    ['"__proto__": {"goal": 5}', 400, 'body'],
    ['"constructor": {"prototype": {"goal": 5}}', 400, 'body'],
    ['"toString": "x"', 422, 'toString'],
    ['"goal": "many"', 422, 'goal'],
    ['"messages": {"en": "Hi.", "__proto__": "Hi."}', 400, 'body'],
    ['"messages": {"en": "\\ud800"}', 422, 'messages.en'],
    ['"title": {"en": "\\u0000"}', 422, 'title.en'],
    ['"organiser": {"name": "\\u0000"}', 422, 'organiser.name'],
    ['"slug": "a\\u0000b"', 422, 'slug'],
  ])('with %s in it, in the place of what was right', async (extra, status, field) => {
    const name = extra.slice(1, extra.indexOf('":'));
    const good = JSON.stringify(goodCampaign({ slug: 'tricks', [name]: undefined }));
    const text = `${good.slice(0, -1)}, ${extra}}`;
    const problem = await refused(() => author.post(CAMPAIGNS, text));
    expect(problem.status).toBe(status);
    expect(problem.errors?.map((error) => error.field)).toContain(field);
    expect(({} as Record<string, unknown>).goal).toBeUndefined();
  });
});
