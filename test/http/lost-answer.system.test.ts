import { expect, it } from 'vitest';
import { decideConsent } from '../../src/simulator/client.ts';
import { migrateAt } from '../../src/store/connection/database.ts';
import { type Page, plainBrowser } from '../support/browser.ts';
import { startCutLink } from '../support/cut-link.ts';
import { needs, testDatabase } from '../support/database.ts';
import { startStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { linkTo } from './on-page.ts';

const USE = /update "oauth_flow".*"used_at"/s;
const PLEDGE = /insert into pledge/;
const SOON_MS = 1_500;
/** Longer than anybody is kept waiting. */
const LATE_MS = 11_500;

/** Somebody comes back from a network, and the answer of the database to one statement is lost. */
async function comeBack(statement: RegExp, awayMs: number) {
  const { url } = await testDatabase(migrateAt);
  const link = await startCutLink(url);
  const stage = await startStage({ environment: { DATABASE_URL: link.url } });
  const campaign = await stage.open();
  const browser = plainBrowser();
  const callback = await decideConsent(await browser.startJoining(campaign.url), 'zoe');
  link.loseAnswer(statement, awayMs);
  const page = await browser.get(callback);
  expect(link.hasCut()).toBe(true);
  const { db } = stage.instance.ctx;
  return {
    page,
    /** Once the database answers again. */
    again: async () => {
      const isBack = () =>
        db
          .selectFrom('pledge')
          .select('id')
          .execute()
          .then(
            () => true,
            () => false,
          );
      await waitFor(isBack, { timeoutMs: 30_000, what: 'the database' });
      return browser.get(callback);
    },
    /** Whether the one credential can be posted with. */
    isWhole: async () => {
      const states = await db.selectFrom('credential').select('state').execute();
      expect(states.map(({ state }) => state)).toEqual(['live']);
      expect(await stage.control.record(0, 'revoke')).toEqual([]);
    },
  };
}

needs('postgres')('D an answer of the database that is lost when somebody comes back', () => {
  it('D goes on where it was that they have come back', async () => {
    const { page, isWhole } = await comeBack(USE, SOON_MS);
    expect(page.html).toContain('data-state="pledged"');
    await isWhole();
  });

  it('D lets them come back with the same address, as it says', async () => {
    const { page, again, isWhole } = await comeBack(USE, LATE_MS);
    expect(page.status).toBe(503);
    expect(page.html).toContain('data-state="away_unspent"');
    expect((await again()).html).toContain('data-state="pledged"');
    await isWhole();
  }, 60_000);

  it('D keeps the permission where it was that they have joined, and says it once', async () => {
    const { page, isWhole } = await comeBack(PLEDGE, SOON_MS);
    expect(page.html).toContain('data-state="pledged"');
    expect(page.text).not.toContain('already joined');
    await isWhole();
  });

  it('D keeps it also where the database stays away', async () => {
    const { page, again, isWhole } = await comeBack(PLEDGE, LATE_MS);
    expect(page.status).toBe(503);
    expect((await again()).html).toContain('data-state="pledged"');
    await isWhole();
  }, 60_000);
});

/** By which a withdrawal and a new text change a pledge; the COMMIT comes later by the same connection. */
const CHANGE = /update "?pledge"? set/i;
const COMMIT = /commit/i;

needs('postgres')('D an answer to the COMMIT of what somebody sends that is lost', () => {
  async function joined() {
    const link = await startCutLink((await testDatabase(migrateAt)).url);
    const stage = await startStage({ environment: { DATABASE_URL: link.url } });
    const campaign = await stage.open();
    const browser = plainBrowser();
    const receipt = await browser.join(campaign.url, 'zoe');
    const { db } = stage.instance.ctx;
    return {
      browser,
      receipt,
      pledges: () => db.selectFrom('pledge').select(['state', 'consented_at']).execute(),
      /** The page that says so, and the one after the same was sent once more. */
      sendTwice: async (page: Page, action: string) => {
        link.loseAnswer(COMMIT, SOON_MS, CHANGE);
        const lost = await browser.submit(page, action);
        expect(link.hasCut()).toBe(true);
        expect(lost.status).toBe(503);
        expect(lost.html).toContain('data-state="away_sent"');
        expect(lost.text).toContain('we cannot say whether what you sent has been stored');
        expect(lost.text).not.toContain('not completed');
        const again = async () => {
          const answer = await browser.submit(page, action);
          return answer.status === 200 ? answer : null;
        };
        return waitFor(again, { what: 'the database' });
      },
    };
  }

  it('D is no withdrawal that failed: the page says that it does not know, and once more does no harm', async () => {
    const { receipt, sendTwice, pledges } = await joined();
    const { html } = await sendTwice(receipt, '/withdraw');
    expect(html).toContain('data-state="withdrawn"');
    expect(await pledges()).toMatchObject([{ state: 'withdrawn' }]);
  });

  it('D is no new text that failed, and once more does no harm', async () => {
    const { browser, receipt, sendTwice, pledges } = await joined();
    const edit = await browser.get(linkTo(receipt, '/edit/'));
    const change = await browser.submit(edit, '/edit/', { wording: '1' });
    const { html } = await sendTwice(change, '/agree');
    expect(html).toContain('data-state="pledged"');
    expect(await pledges()).toMatchObject([{ state: 'active' }]);
  });
});
