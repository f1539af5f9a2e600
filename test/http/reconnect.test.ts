import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { decideConsent } from '../../src/simulator/client.ts';
import { createDeliveries } from '../../src/store/shard.ts';
import { type Page, plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { keyHolder } from './api.ts';
import { signedIn } from './operator.ts';

/** Nobody has been looked at in the round that is under way. */
async function forgetChecks(stage: TestStage, campaign: OpenedCampaign): Promise<void> {
  await sql`update credential set checked_at = 'epoch' where campaign_id = ${campaign.id}`.execute(
    stage.instance.ctx.db,
  );
}

/** The desk's page of a campaign, once it shows that a network gives trouble. */
async function troubleOn(stage: TestStage, campaign: OpenedCampaign): Promise<Page> {
  const operator = await signedIn(stage);
  return waitFor(
    async () => {
      const shown = await operator.get(`${stage.url}/ops/campaigns/${campaign.slug}`);
      return shown.html.includes('data-app-ok="false"') ? shown : null;
    },
    { what: 'the operator to see it' },
  );
}

needs('postgres')('a permission that died before the moment', () => {
  it('is told to its owner while there is time, and is replaced by connecting again', async () => {
    const stage = await startStage();
    const campaign = await stage.open();
    const browser = plainBrowser();
    const mine = await browser.join(campaign.url, 'gone');
    const others = await plainBrowser().join(campaign.url, 'here');
    const operator = await signedIn(stage);
    const page = () => operator.get(`${stage.url}/ops/campaigns/${campaign.slug}`);
    expect((await page()).text).toMatch(/ready\s+2\s+of\s+2/);

    await stage.control.changeAccount('gone', { revokeGrants: true });
    await forgetChecks(stage, campaign);
    const told = await waitFor(
      async (): Promise<Page | null> => {
        const receipt = await browser.get(mine.url);
        return receipt.html.includes('Connect again') ? receipt : null;
      },
      { what: 'the owner to be told' },
    );
    expect(told.html).toContain('data-state="pledged"');
    // It leads straight to the account, with the same words.
    const account = await browser.submit(told, '/reconnect');
    expect(new URL(account.url).pathname).toMatch(/^\/i\//);
    expect(account.text).toContain('#100DaysOfInjustice');
    expect((await plainBrowser().get(others.url)).html).not.toContain('Connect again');
    const half = await waitFor(
      async () => {
        const shown = await page();
        return /ready\s+1\s+of\s+2/.test(shown.text) ? shown : null;
      },
      { what: 'the operator to see it' },
    );
    expect(half.text).toContain('1 must connect again');
    expect(half.html).toContain('data-app-ok="true"');
    const api = await keyHolder(stage.instance.ctx, stage.url, 'integrator');
    const answer = await api.get(`/api/v1/campaigns/${campaign.slug}/delivery`);
    expect(answer.body).toMatchObject({
      readiness: {
        pledges: 2,
        ready: 1,
        dead: 1,
        barred: 0,
        unchecked: 0,
        app: [{ platform: 'x', ok: true }],
      },
    });
    expect(half.html + answer.text).not.toMatch(/\bgone\b/);

    const consent = await browser.submit(account, '/join');
    const again = await browser.get(await decideConsent(consent.url, 'gone'));
    expect(new URL(again.url).pathname).toBe(new URL(mine.url).pathname);
    expect(again.html).not.toContain('Connect again');
    expect((await page()).text).toMatch(/ready\s+2\s+of\s+2/);
  }, 90_000);

  it('B5 says before and after the lock what is the matter with the account, and whether there is something to do', async () => {
    const stage = await startStage();
    const { ctx } = stage.instance;
    const campaign = await stage.open();
    const browsers = new Map<string, { browser: ReturnType<typeof plainBrowser>; url: string }>();
    for (const name of ['halted', 'shut']) {
      const browser = plainBrowser();
      browsers.set(name, { browser, url: (await browser.join(campaign.url, name)).url });
    }
    const receiptOf = (name: string) => {
      const { browser, url } = browsers.get(name) ?? {};
      return (browser ?? plainBrowser()).get(url ?? '');
    };
    await stage.control.changeAccount('halted', { suspended: true });
    await stage.control.changeAccount('shut', { locked: true });
    await forgetChecks(stage, campaign);
    const seen = async (name: string, words: string) =>
      waitFor(
        async () => {
          const receipt = await receiptOf(name);
          return receipt.text.includes(words) ? receipt : null;
        },
        { what: `${name} to read: ${words}` },
      );
    const suspended = await seen('halted', 'X has suspended your account');
    const locked = await seen('shut', 'X has locked your account for now');
    for (const { text } of [suspended, locked]) {
      expect(text).toContain('Your post would not go out as things stand');
      expect(text).not.toContain('Your post waits for the moment');
    }
    expect(suspended.text).toContain('Connect again');
    expect(locked.text).not.toContain('Connect again');
    expect(locked.text).toContain('we look again before the moment');
    const operator = await signedIn(stage);
    const desk = await operator.get(`${stage.url}/ops/campaigns/${campaign.slug}`);
    expect(desk.text).toMatch(/ready\s+0\s+of\s+2/);
    expect(desk.text).toContain('1 may not post for now');

    await createDeliveries(ctx.db, { campaignId: campaign.id, size: 10 }, new Date());
    const after = await receiptOf('halted');
    expect(after.text).toContain('X has suspended your account');
    expect(after.text).toContain('Your post was not sent');
    expect(after.text).not.toContain('X did not take it');
    expect((await receiptOf('shut')).text).toContain('X has locked your account for now');
  }, 90_000);

  it('is not the reason when the network does not take the app, and operators read what is', async () => {
    const stage = await startStage();
    const campaign = await stage.open();
    const receipt = await plainBrowser().join(campaign.url, 'paid');
    await stage.control.behaviour({ pathErrorRates: { me: { status402: 1 } } });
    await forgetChecks(stage, campaign);
    const seen = await troubleOn(stage, campaign);
    expect(seen.text).toMatch(/X does not take our app: .*402/);
    expect(seen.text).toMatch(/ready\s+0\s+of\s+1/);
    expect(seen.html).not.toContain('data-dead');
    expect((await plainBrowser().get(receipt.url)).html).not.toContain('Connect again');
  }, 90_000);

  it.each([
    ['challenged', { challenge: 'cloudflare' }, 'X is behind a shield that keeps us out'],
    ['silent', { pathErrorRates: { me: { status500: 1 } } }, 'X does not answer us'],
  ] as const)(
    'B7 is not the app’s either when a network is %s',
    async (trouble, behaviour, said) => {
      const stage = await startStage();
      const campaign = await stage.open();
      // Trouble with so many in a row is the network's.
      for (const name of ['first', 'second', 'third', 'fourth', 'fifth'])
        await plainBrowser().join(campaign.url, name);
      await stage.control.behaviour(behaviour);
      await forgetChecks(stage, campaign);
      const seen = await troubleOn(stage, campaign);
      expect(seen.text).toContain(said);
      expect(seen.text).not.toContain('does not take our app');
      const api = await keyHolder(stage.instance.ctx, stage.url, 'integrator');
      const answer = await api.get(`/api/v1/campaigns/${campaign.slug}/delivery`);
      expect(answer.body).toMatchObject({
        readiness: { dead: 0, app: [{ platform: 'x', ok: false, trouble }] },
      });
    },
    90_000,
  );
});
