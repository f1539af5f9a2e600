import { sql } from 'kysely';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { createCampaign } from '../../src/actions/campaign/create-campaign.ts';
import { acceptPlatform } from '../../src/actions/platform/accept-platform.ts';
import { withdrawAcceptance } from '../../src/actions/platform/withdraw-acceptance.ts';
import type { Context } from '../../src/context.ts';
import { joinAs } from '../../src/demo/supporter.ts';
import {
  LOCATOR_PROBLEMS,
  type LocatorProblem,
  LocatorRejected,
} from '../../src/domain/account-locator.ts';
import type { AuthorizeInput } from '../../src/platforms/platform.ts';
import { goodCampaign } from '../support/bad-campaigns.ts';
import { type Page, plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { connectReef, REEF_AS_OF, type Reef } from '../support/reef.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';

const TYPED = '@zoe@Atoll.Example/';

needs('postgres')('a platform that asks for a server', () => {
  let stage: TestStage;
  let ctx: Context;
  let reef: Reef;
  let campaign: OpenedCampaign;
  const asked: AuthorizeInput[] = [];
  let refuse: () => Error | null = () => null;
  beforeAll(async () => {
    stage = await startStage();
    ctx = stage.instance.ctx;
    reef = connectReef(ctx);
    const { authorize } = reef;
    reef.authorize = async (input) => {
      asked.push(input);
      const error = refuse();
      if (error) throw error;
      return authorize(input);
    };
    await acceptPlatform(ctx, { name: 'reef', asOf: REEF_AS_OF, operator: 'Vera' });
    campaign = await stage.open();
  });
  afterEach(() => {
    refuse = () => null;
    reef.knownPlaces = [];
    asked.length = 0;
    vi.restoreAllMocks();
  });

  async function send(fields: Record<string, string>): Promise<Page> {
    const browser = plainBrowser();
    return browser.submit(await browser.chooseWords(campaign.url), '/join', fields);
  }

  const flows = async (): Promise<number> => {
    const { rows } = await sql`select 1 from oauth_flow`.execute(ctx.db);
    return rows.length;
  };
  const fieldOf = (page: Page): string => /<input id="where-reef"[^>]*>/.exec(page.html)?.[0] ?? '';
  const problemOf = (page: Page): string | undefined =>
    /id="where-reef-problem">([^<]+)</.exec(page.html)?.[1];

  it('is given the name alone, whatever it was typed in', async () => {
    const fields = { platform: 'reef', where_reef: TYPED };
    const url = await plainBrowser().startJoining(campaign.url, fields);
    expect(url).toContain('/authorize');
    expect(asked).toMatchObject([{ locator: 'atoll.example', locale: 'en' }]);
    expect(asked[0]?.moment).toEqual(campaign.moment);
    expect(asked[0]?.text).toContain('#100DaysOfInjustice');
  });

  it('is asked only when its own button is pressed', async () => {
    expect(await plainBrowser().startJoining(campaign.url, { platform: 'x' })).toContain('/auth');
    expect(asked).toEqual([]);
  });

  it('is joined by the demo’s supporters, too', async () => {
    // The way back is for the platform itself; that it was asked is enough.
    await joinAs(campaign.url, 'pearl', 0, { platform: 'reef', where: TYPED });
    expect(asked).toMatchObject([{ locator: 'atoll.example' }]);
    await expect(joinAs(campaign.url, 'pearl', 0, { platform: 'cliff' })).rejects.toThrow('cliff');
  });

  it('is what Enter in its field means', async () => {
    const before = await flows();
    const page = await send({ platform: '', where_reef: TYPED }).catch((error: Error) => error);
    expect(page).toBeDefined();
    expect(asked).toHaveLength(1);
    expect(await flows()).toBe(before + 1);
    const unclear = await send({ platform: '' });
    expect(unclear.status).toBe(200);
    expect(unclear.html).toContain('/join');
    expect(asked).toHaveLength(1);
  });

  it.each(LOCATOR_PROBLEMS)('says so where the name is %s, and stores nothing', async (problem) => {
    refuse = () => new LocatorRejected(problem satisfies LocatorProblem, 'a word');
    const before = await flows();
    const info = vi.spyOn(ctx.log, 'info');
    const page = await send({ platform: 'reef', where_reef: TYPED });
    expect(page.status).toBe(422);
    expect(problemOf(page)).toMatch(/^[A-Z].*\.$/);
    expect(fieldOf(page)).toContain(`value="${TYPED}"`);
    expect(fieldOf(page)).toContain('aria-describedby="where-reef-problem where-reef-hint"');
    expect(fieldOf(page)).toContain('autofocus');
    expect(await flows()).toBe(before);
    expect(info.mock.calls).toEqual([
      [{ platform: 'reef', problem }, 'a server or handle was refused'],
    ]);
    // Nobody else is shown what was typed, nor is the next page.
    expect((await plainBrowser().chooseWords(campaign.url)).html).not.toContain('atoll');
    expect((await plainBrowser().get(page.url.replace(/\/join$/, ''))).html).not.toContain('atoll');
  });

  it('says so in the language of the page, and keeps it', async () => {
    const browser = plainBrowser('ru');
    const shown = await browser.chooseWords(campaign.url);
    const page = await browser.submit(shown, '/join', { platform: 'reef', where_reef: ' @ ' });
    expect(page.status).toBe(422);
    expect(page.html).toMatch(/<html[^>]*lang="ru"/);
    expect(problemOf(page)).toMatch(/имя сервера/);
    expect(asked).toEqual([]);
  });

  it('is not guessed from the address of the page', async () => {
    const browser = plainBrowser();
    const { url } = await browser.chooseWords(campaign.url);
    const page = await browser.get(`${url}&where_reef=atoll.example`);
    expect(fieldOf(page)).toContain('name="where_reef"');
    expect(fieldOf(page)).not.toContain('atoll');
  });

  it('is asked about where a name is one letter off a well-known one, once', async () => {
    reef.knownPlaces = ['atoll.example', 'lagoon.example'];
    const typed = '@zoe@atol.example';
    const page = await send({ platform: 'reef', where_reef: typed });
    expect(page.status).toBe(422);
    expect(problemOf(page)).toContain('very close to a well-known name');
    expect(asked).toEqual([]);
    expect(page.html).toContain('<option value="lagoon.example">');
    const browser = plainBrowser();
    // The guess is only put into its field.
    const taken = await browser.submit(page, '/join', { take_reef: 'atoll.example' });
    expect([taken.status, fieldOf(taken)]).toEqual([
      200,
      expect.stringContaining('value="atoll.example"'),
    ]);
    expect(asked).toEqual([]);
    // Who means it joins once more.
    const meant = { platform: 'reef', where_reef: typed, sure_reef: typed };
    expect(await plainBrowser().startJoining(campaign.url, meant)).toContain('/authorize');
    expect(asked).toMatchObject([{ locator: 'atol.example' }]);
  });

  it('is guessed at where there is nothing by its name', async () => {
    reef.knownPlaces = ['atoll.example'];
    refuse = () => new LocatorRejected('not_found', 'a word');
    const page = await send({ platform: 'reef', where_reef: 'attol.exmple' });
    expect(page.text).toContain('Did you mean atoll.example?');
    expect(page.html).toMatch(/<button[^>]*name="take_reef" value="atoll.example"/);
    const far = await send({ platform: 'reef', where_reef: 'mountain.example' });
    expect(far.text).not.toContain('Did you mean');
  });

  it('may be out of order', async () => {
    refuse = () => Object.assign(new Error('getaddrinfo atoll.example'), { code: 'EAI_AGAIN' });
    const before = await flows();
    const warn = vi.spyOn(ctx.log, 'warn');
    const page = await send({ platform: 'reef', where_reef: TYPED });
    expect(page.status).toBe(502);
    expect(page.text).toContain('Reef did not answer');
    expect(page.html).toMatch(/href="\/i\/[\w-]+\?lang=en"/);
    expect(page.html).toContain('href="/at/');
    expect(warn.mock.calls).toEqual([
      [{ platform: 'reef', error: 'EAI_AGAIN' }, 'join could not begin'],
    ]);
    expect(await flows()).toBe(before);
  });

  it('is not offered for a text that it does not take', async () => {
    const { textRule } = reef;
    reef.textRule = { ...textRule, limit: 20 };
    try {
      const page = await plainBrowser().chooseWords(campaign.url);
      expect(page.text).toContain('Join with X');
      expect(page.text).not.toContain('Join with Reef');
      expect(page.text).toContain('Reef takes no text as long as this one');
      expect((await send({ platform: 'reef', where_reef: TYPED })).status).toBe(404);
      const document = goodCampaign({ slug: 'long-for-reef' });
      // While it is offered, a message has to fit it; afterwards it is only told.
      await expect(createCampaign(ctx, { document, author: 'somebody' })).rejects.toThrow(
        /too long in en on Reef: \d+, and the limit is 20/,
      );
      await withdrawAcceptance(ctx, { name: 'reef', operator: 'Vera' });
      const { previews } = await createCampaign(ctx, { document, author: 'somebody' });
      const over = previews.filter(({ length, limit }) => length > limit);
      expect(new Set(over.map(({ platform }) => platform))).toEqual(new Set(['reef']));
      expect(over).not.toEqual([]);
    } finally {
      reef.textRule = textRule;
    }
  });
});
