import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { joinAs } from '../../src/demo/supporter.ts';
import type { Standing } from '../../src/simulator/accounts.ts';
import { type AccountChange, decideConsent, knownServer } from '../../src/simulator/client.ts';
import { LOCALES } from '../../src/web/index.ts';
import { type Page, plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { startNetwork } from '../support/network.ts';
import type { Network } from '../support/networks.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

/** What is said of each; Mastodon itself says "disabled" of one that has moved to whoever has a token. */
const TROUBLES: readonly (readonly [standing: Standing, words: string])[] = [
  ['moved', 'You have moved this account to another one.'],
  ['memorial', 'in memory of somebody who has died'],
  ['limited', 'have limited your account'],
  ['terms', 'has new terms'],
];

needs('postgres')('an account of a Mastodon server that cannot lend a post', () => {
  let stage: TestStage;
  let network: Network;
  let campaign: OpenedCampaign;
  beforeAll(async () => {
    network = await startNetwork('mastodon');
    const environment = { PRIVATE_HOSTS: new URL(network.url).host };
    stage = await startStage({ platforms: ['x'], environment });
  });
  beforeEach(async () => {
    await network.control.behaviour({});
    campaign = await stage.open();
  });

  const where = () => knownServer('mastodon', network.url, 'anybody');
  const fields = () => ({ platform: 'mastodon', where_mastodon: where() });
  const pledges = async (): Promise<number> =>
    (await sql`select 1 from pledge`.execute(stage.instance.ctx.db)).rows.length;

  async function joinWith(handle: string, lang = 'en'): Promise<Page> {
    const browser = plainBrowser(lang);
    const consent = await browser.submit(
      await browser.chooseWords(campaign.url),
      '/join',
      fields(),
    );
    return browser.get(await decideConsent(consent.url, handle));
  }
  const textOf = async (url: string) =>
    (await plainBrowser('en').get(`${url.split('?')[0]}?lang=en`)).text;

  it.each([...TROUBLES, ['pending', 'is not ready yet'] as const])(
    'B5 is refused at join, %s, with the reason, and nothing is stored',
    async (standing, words) => {
      const handle = `join_${standing}`;
      await network.control.createAccounts({ accounts: [{ handle, standing }] });
      const before = await pledges();
      const page = await joinWith(handle);
      expect(page.status).toBe(409);
      expect(page.html).toContain('data-state="account_unfit"');
      // Mastodon lets neither look at their account, and does not say which it is.
      const isBare = ['moved', 'memorial'].includes(standing);
      expect(page.text).toContain(isBare ? 'does not let your account post' : words);
      expect(page.text).toContain('Nothing was added');
      expect(await pledges()).toBe(before);
    },
  );

  it('B5 says it in every language', async () => {
    const said = new Set<string>();
    await network.control.createAccounts({
      accounts: [{ handle: 'hidden', standing: 'limited' }],
    });
    for (const lang of LOCALES) {
      const page = await joinWith('hidden', lang);
      const [, reason = ''] = /<p class="lede">([^<]+)<\/p>/.exec(page.html) ?? [];
      expect(reason, lang).toContain('Mastodon');
      said.add(reason);
    }
    expect(said.size).toBe(LOCALES.length);
  });

  it('B5 is named where the server shows the account to its owner', async () => {
    await network.control.behaviour({ mastodon: { version: '4.2.0' } });
    await network.control.createAccounts({
      accounts: [
        { handle: 'old_moved', standing: 'moved' },
        { handle: 'old_memorial', standing: 'memorial' },
      ],
    });
    expect((await joinWith('old_moved')).text).toContain('You have moved this account');
    expect((await joinWith('old_memorial')).text).toContain('in memory of somebody');
  });

  const join = async (handle: string) => {
    await network.control.createAccounts({ accounts: [{ handle }] });
    const joined = { platform: 'mastodon', where: where() } as const;
    return (await joinAs(campaign.url, handle, 0, joined)).receiptUrl;
  };

  it('B5 is told before the moment what the matter is', async () => {
    const receipts = new Map<string, string>();
    for (const [standing] of TROUBLES) receipts.set(standing, await join(`pre_${standing}`));
    for (const [standing] of TROUBLES) {
      await network.control.changeAccount(`pre_${standing}`, { standing });
    }
    await sql`update credential set checked_at = 'epoch', check_after = null
      where campaign_id = ${campaign.id}`.execute(stage.instance.ctx.db);
    for (const [standing, words] of TROUBLES) {
      const url = receipts.get(standing) ?? '';
      await waitFor(async () => (await textOf(url)).includes(words), {
        what: `${standing} to be told`,
      });
      const text = await textOf(url);
      const isFinal = standing === 'moved' || standing === 'memorial';
      expect(text.includes('If that changes'), standing).toBe(!isFinal);
      expect(text.includes('another account instead'), standing).toBe(isFinal);
      expect(text, standing).not.toContain('Your post waits for the moment');
    }
  });

  it('B5 is told at the moment what the matter is, and not to unlock anything', async () => {
    const troubles = TROUBLES.filter(([standing]) => standing !== 'limited');
    const receipts = new Map<string, string>();
    for (const [standing] of troubles) receipts.set(standing, await join(`now_${standing}`));
    // Behind the back of preflight.
    await sql`update credential set checked_at = now() + interval '1 day'
      where campaign_id = ${campaign.id}`.execute(stage.instance.ctx.db);
    for (const [standing] of troubles) {
      await network.control.changeAccount(`now_${standing}`, { standing });
    }
    await stage.bringForward(campaign, 4_000);
    for (const [standing, words] of troubles) {
      const url = receipts.get(standing) ?? '';
      await waitFor(async () => (await textOf(url)).includes('did not go out'), {
        what: `the end of ${standing}`,
      });
      expect(await textOf(url), standing).toContain(words);
      expect(await textOf(url), standing).not.toContain('unlock');
    }
    const posts = await network.control.posts();
    expect(posts.filter(({ handle }) => handle.startsWith('now_'))).toEqual([]);
  });
});

/** What a server says otherwise than Mastodon does of each, and what people read of it. */
const SAID_OTHERWISE: readonly (readonly [
  software: string,
  handle: string,
  change: AccountChange,
  words: string,
])[] = [
  ['sharkey', 'shk_suspended', { suspended: true }, 'Mastodon has suspended your account.'],
  ['sharkey', 'shk_moved', { standing: 'moved' }, 'You have moved this account to another one.'],
  ['sharkey', 'shk_revoked', { revokeGrants: true }, 'was no longer valid'],
  ['firefish', 'ff_suspended', { suspended: true }, 'Mastodon has suspended your account.'],
  ['firefish', 'ff_moved', { standing: 'moved' }, 'You have moved this account to another one.'],
  ['firefish', 'ff_revoked', { revokeGrants: true }, 'was no longer valid'],
  ['pleroma', 'pl_pending', { standing: 'pending' }, 'is not ready yet'],
  ['pleroma', 'pl_suspended', { suspended: true }, 'your account may be suspended'],
  ['akkoma', 'ak_revoked', { revokeGrants: true }, 'was no longer valid'],
];

needs('postgres')('an account at a server that speaks Mastodon’s API in words of its own', () => {
  it('B5 is told at the moment what the matter is', async () => {
    const networks = new Map<string, Network>();
    for (const software of new Set(SAID_OTHERWISE.map(([name]) => name))) {
      const network = await startNetwork('mastodon');
      await network.control.behaviour({ mastodon: { software } });
      networks.set(software, network);
    }
    const hosts = [...networks.values()].map(({ url }) => new URL(url).host);
    const environment = { PRIVATE_HOSTS: hosts.join(',') };
    const stage = await startStage({ platforms: ['x'], environment });
    const campaign = await stage.open();
    const receipts = new Map<string, string>();
    for (const [software, handle] of SAID_OTHERWISE) {
      const { url, control } = networks.get(software) as Network;
      await control.createAccounts({ accounts: [{ handle }] });
      const joined = { platform: 'mastodon', where: knownServer('mastodon', url, handle) } as const;
      receipts.set(handle, (await joinAs(campaign.url, handle, 0, joined)).receiptUrl);
    }
    // Behind the back of preflight.
    await sql`update credential set checked_at = now() + interval '1 day'
      where campaign_id = ${campaign.id}`.execute(stage.instance.ctx.db);
    for (const [software, handle, change] of SAID_OTHERWISE) {
      await networks.get(software)?.control.changeAccount(handle, change);
    }
    await stage.bringForward(campaign, 4_000);
    for (const [, handle, , words] of SAID_OTHERWISE) {
      const url = `${receipts.get(handle)?.split('?')[0]}?lang=en`;
      const textOf = async () => (await plainBrowser('en').get(url)).text;
      await waitFor(async () => (await textOf()).includes('did not go out'), {
        what: `the end of ${handle}`,
      });
      expect(await textOf(), handle).toContain(words);
    }
    for (const { control } of networks.values()) expect(await control.posts()).toEqual([]);
  });
});

needs('postgres')('a server that takes no posts of text alone', () => {
  it.each(['pixelfed', 'vernissage', 'peertube'])(
    'B5 is refused at join, with that reason: %s',
    async (software) => {
      const network = await startNetwork('mastodon');
      await network.control.behaviour({ mastodon: { software } });
      const host = new URL(network.url).host;
      const stage = await startStage({ platforms: ['x'], environment: { PRIVATE_HOSTS: host } });
      const campaign = await stage.open();
      const said = new Set<string>();
      for (const lang of LOCALES) {
        const browser = plainBrowser(lang);
        const words = await browser.chooseWords(campaign.url);
        const fields = { platform: 'mastodon', where_mastodon: host };
        const page = await browser.submit(words, '/join', fields);
        const [, problem = ''] = /id="where-mastodon-problem">([^<]+)</.exec(page.html) ?? [];
        expect(problem, lang).not.toBe('');
        said.add(problem);
      }
      expect([...said].some((words) => words.includes('text alone'))).toBe(true);
      expect(said.size).toBe(LOCALES.length);
    },
  );
});
