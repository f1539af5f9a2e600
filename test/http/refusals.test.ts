import { beforeAll, expect, it } from 'vitest';
import { createApiKey } from '../../src/actions/operator/operator-access.ts';
import { goodCampaign } from '../support/bad-campaigns.ts';
import { needs } from '../support/database.ts';
import { startStage, type TestStage } from '../support/stage.ts';
import { type Answer, type Caller, caller, keyHolder } from './api.ts';

const CAMPAIGNS = '/api/v1/campaigns';
/** The mend: what to do stands behind a semicolon, a full stop or a colon, or as a sentence that begins with a verb. */
const MEND = /[;:.,] (?:\S+ ){0,8}\S+|^(?:send|Send) /;

/** The one shape of a refusal: RFC 9457, a word for programs, and each field with what is wrong and what to do. */
function expectRefusal(answer: Answer, named: string): void {
  const what = `${named}: ${answer.status} ${answer.text}`;
  expect(answer.type, what).toMatch(/^application\/problem\+json/);
  expect(answer.body, what).toEqual({
    type: 'about:blank',
    title: expect.stringMatching(/\S/),
    status: answer.status,
    detail: expect.stringMatching(/\S/),
    code: expect.stringMatching(/^[a-z]+(?:_[a-z]+)*$/),
    errors: expect.any(Array),
  });
  const { detail, errors } = answer.body as {
    detail: string;
    errors: { field: string; message: string }[];
  };
  expect(errors.length, what).toBeGreaterThan(0);
  for (const { field, message, ...more } of errors) {
    expect(more, what).toEqual({});
    expect(field, what).toMatch(/^\S+$/);
    expect(message, what).toMatch(MEND);
    expect(detail, what).toContain(message);
  }
}

needs('postgres')('D a refusal of the API', () => {
  let stage: TestStage;
  let author: Caller;
  let operator: Caller;
  let operations: { method: string; path: string }[];
  beforeAll(async () => {
    stage = await startStage({ environment: { SOLE_OPERATOR: 'false' } });
    author = await keyHolder(stage.instance.ctx, stage.url, 'author');
    operator = await keyHolder(stage.instance.ctx, stage.url, 'operator');
    const document = (await (await fetch(`${stage.url}/api/openapi.json`)).json()) as {
      paths: Record<string, Record<string, object>>;
    };
    operations = Object.entries(document.paths)
      .filter(([path]) => path.startsWith('/api/'))
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ method, path })));
    await author.post(CAMPAIGNS, goodCampaign({ slug: 'waiting' }));
    await author.post(CAMPAIGNS, goodCampaign({ slug: 'opened' }));
    await operator.post(`${CAMPAIGNS}/opened/approve`);
  });

  /** Sends to an operation, with these values in its address. */
  async function send(
    { method, path }: { method: string; path: string },
    init: { body?: string; headers?: Record<string, string>; query?: string },
    value = 'nowhere',
  ): Promise<Answer> {
    const { query = '', ...rest } = init;
    const address = `${stage.url}${path.replace(/\{\w+\}/g, value)}${query}`;
    const response = await fetch(address, { method: method.toUpperCase(), ...rest });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const body = type.includes('json') ? JSON.parse(text) : null;
    return { status: response.status, type, headers: response.headers, text, body };
  }

  it('has one shape at every route, whatever is wrong with the request', async () => {
    const authorization = `Bearer ${await createApiKey(stage.instance.ctx, { name: 'walker' })}`;
    const json = { authorization, 'content-type': 'application/json' };
    const seen = new Set<number>();
    expect(operations.length).toBeGreaterThan(15);
    for (const operation of operations) {
      const hasBody = !['get', 'head', 'delete'].includes(operation.method);
      const bodies = ['{', '[]', '7', '{"colour":1}', '{"a":1,"a":2}', '{"__proto__":1}', '\uFEFF'];
      const tries: [string, Parameters<typeof send>[1]][] = [
        ['without a key', {}],
        ['with a wrong key', { headers: { authorization: 'Bearer tk_wrong' } }],
        ['for what is nowhere', { headers: { authorization } }],
        ['with a foreign parameter', { headers: { authorization }, query: '?limit=many&list=odd' }],
        ...(hasBody ? bodies : []).map((body): [string, Parameters<typeof send>[1]] => [
          `with ${body}`,
          { headers: json, body },
        ]),
        ...(hasBody ? ['text/plain', 'application/x-www-form-urlencoded'] : []).map(
          (type): [string, Parameters<typeof send>[1]] => [
            `as ${type}`,
            { headers: { authorization, 'content-type': type }, body: 'a=b' },
          ],
        ),
        ...(hasBody
          ? ([
              [
                'as YAML',
                { headers: { ...json, 'content-type': 'application/yaml' }, body: 'a: : b' },
              ],
              ['with too much', { headers: json, body: `"${'a'.repeat(300 * 1024)}"` }],
            ] as [string, Parameters<typeof send>[1]][])
          : []),
      ];
      for (const [how, init] of tries) {
        const answer = await send(operation, init);
        if (answer.status < 400) continue;
        const named = `${operation.method} ${operation.path} ${how}`;
        expect(answer.status, `${named}: ${answer.text}`).toBeLessThan(500);
        seen.add(answer.status);
        expectRefusal(answer, named);
      }
    }
    expect([...seen].sort()).toEqual([400, 401, 404, 413, 415, 422]);
  });

  it.each<[code: string, field: string, ask: () => Promise<Answer>]>([
    ['slug_taken', 'slug', () => author.post(CAMPAIGNS, goodCampaign({ slug: 'opened' }))],
    ['second_person', 'state', () => author.post(`${CAMPAIGNS}/waiting/approve`)],
    ['not_in_review', 'state', () => operator.post(`${CAMPAIGNS}/opened/approve`)],
    ['nothing_to_stop', 'state', () => operator.post(`${CAMPAIGNS}/waiting/pause`)],
    [
      'not_public',
      'state',
      () => author.post(`${CAMPAIGNS}/waiting/updates`, { text: { en: 'a' } }),
    ],
    [
      'nothing_to_decide',
      'state',
      () => operator.post(`${CAMPAIGNS}/opened/moment`, { decision: 'keep' }),
    ],
    ['not_found', 'slug', () => author.get(`${CAMPAIGNS}/nowhere`)],
    ['not_found', 'id', () => author.delete(`${CAMPAIGNS}/opened/updates/none`)],
    ['not_found', 'name', () => operator.post('/api/v1/platforms/nowhere/pause')],
    ['not_found', 'path', () => author.get('/api/v1/nowhere')],
    [
      'invalid_input',
      'confirm',
      () => operator.post(`${CAMPAIGNS}/opened/abort`, { confirm: 'x' }),
    ],
    ['no_key', 'authorization', () => caller(stage.url, null).get(CAMPAIGNS)],
    ['invalid_request', 'path', () => author.get(`${CAMPAIGNS}/%zz`)],
  ])('%s names %s and what to do', async (code, field, ask) => {
    const answer = await ask();
    expectRefusal(answer, code);
    expect(answer.body).toMatchObject({ code, errors: [{ field }] });
  });
});
