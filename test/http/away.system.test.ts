import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { createApiKey } from '../../src/actions/operator/operator-access.ts';
import { decideConsent } from '../../src/simulator/client.ts';
import { LOCALES } from '../../src/web/index.ts';
import { plainBrowser } from '../support/browser.ts';
import { giveBack, needs, takeAway } from '../support/database.ts';
import { startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { signedIn } from './operator.ts';

needs('postgres')('D the database is away', () => {
  let stage: TestStage;
  let database: string;
  beforeAll(async () => {
    stage = await startStage();
    database = stage.instance.ctx.config.databaseUrl?.reveal() ?? '';
  });

  async function whileAway<T>(act: () => Promise<T>): Promise<T> {
    await takeAway(database);
    return act().finally(() => back());
  }

  /** It answers again, to the instance too. */
  async function back(): Promise<void> {
    await giveBack(database);
    await waitFor(() => sql`select 1`.execute(stage.instance.ctx.db), { what: 'the database' });
  }

  it('D says so with 503 and Retry-After, on pages of every language and over the API', async () => {
    const campaign = await stage.open();
    const receipt = await plainBrowser().join(campaign.url, 'ada');
    const operator = await signedIn(stage);
    const key = await createApiKey(stage.instance.ctx, { name: 'away' });
    await whileAway(async () => {
      const titles = new Set<string>();
      for (const locale of LOCALES) {
        const page = await plainBrowser().get(
          `${stage.url}${new URL(receipt.url).pathname}?lang=${locale}`,
        );
        expect(page.status).toBe(503);
        expect(page.headers.get('retry-after')).toBe('5');
        expect(page.headers.get('cache-control')).toBe('no-store');
        expect(page.html).toContain('data-state="away"');
        if (locale === 'en')
          expect(page.text).toContain('Our database is not working at the moment');
        expect(page.html).toMatch(new RegExp(`<html[^>]*lang="${locale}"`));
        titles.add(/<h1[^>]*>(.*?)<\/h1>/.exec(page.html)?.[1] ?? '');
      }
      expect(titles.size).toBe(LOCALES.length);
      for (const path of [
        '/ops',
        `/ops/campaigns/${campaign.slug}`,
        '/ops/platforms',
        '/choose/none',
      ]) {
        const page = await operator.get(stage.url + path);
        expect([path, page.status, page.headers.get('retry-after')]).toEqual([path, 503, '5']);
        expect(page.html).toContain('data-state="away"');
      }
      const answer = await fetch(`${stage.url}/api/v1/campaigns/${campaign.slug}/delivery`, {
        headers: { authorization: `Bearer ${key}` },
      });
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('5');
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(await answer.json()).toMatchObject({
        ...{ status: 503, code: 'database_away' },
        // It may answer, and be full: silence is not what is said.
        detail: expect.stringMatching(/^The database is not working at the moment/),
      });
    });
    expect((await operator.get(`${stage.url}/ops`)).status).toBe(200);
  });

  it('D holds who comes back from a network until it answers', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const callback = await decideConsent(await browser.startJoining(campaign.url), 'held');
    await takeAway(database);
    const coming = browser.get(callback);
    await sleep(1_500);
    await back();
    const receipt = await coming;
    expect(receipt.status).toBe(200);
    expect(receipt.html).toContain('data-state="pledged"');
    expect(receipt.text).toContain('held');
  });

  it('D leaves the code unspent where it stays away, so that the same address works later', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const callback = await decideConsent(await browser.startJoining(campaign.url), 'unspent');
    await whileAway(async () => {
      const page = await browser.get(callback);
      expect(page.status).toBe(503);
      expect(page.headers.get('retry-after')).toBe('5');
      expect(page.html).toContain('data-state="away_unspent"');
      expect(page.text).toContain('our database is not working at the moment');
    });
    const receipt = await browser.get(callback);
    expect(receipt.html).toContain('data-state="pledged"');
  });

  it('D keeps what a network has given when it goes away in between', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const callback = await decideConsent(await browser.startJoining(campaign.url), 'between');
    const { ctx } = stage.instance;
    const x = ctx.platforms.get('x');
    if (!x) throw new Error('X is not connected');
    const exchange = x.exchange.bind(x);
    let gone: Promise<void> = Promise.resolve();
    Object.assign(x, {
      exchange: async (grant: Parameters<typeof exchange>[0]) => {
        const given = await exchange(grant);
        await takeAway(database);
        gone = sleep(1_500).then(back);
        return given;
      },
    });
    const receipt = await browser.get(callback).finally(() => Object.assign(x, { exchange }));
    await gone;
    expect(receipt.html).toContain('data-state="pledged"');
    expect(receipt.text).toContain('between');
  });
});
