import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import {
  decideConsent,
  knownServer,
  PLATFORM_NAMES,
  type PlatformName,
  signAs,
} from '../../src/simulator/client.ts';
import { type Page, type PlainBrowser, plainBrowser, unescapeHtml } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { firstOf } from '../support/tier.ts';
import { waitFor } from '../support/wait-for.ts';
import { exactIn, linkTo, namesDocument, pathOf, pledgesOn } from './on-page.ts';

/** Networks that take a permission back when they are asked to. */
const REVOKING: readonly PlatformName[] = ['x', 'mastodon', 'bluesky', 'facebook', 'linkedin'];

/** Those that differ most first: an app, a server that is named, a signature. */
const NETWORKS = [...new Set<PlatformName>(['x', 'mastodon', 'nostr', ...PLATFORM_NAMES])];

/** Where it differs most what becomes of a permission first. */
const WITHDRAWN_FROM = [
  ...new Set<PlatformName>(['threads', 'mastodon', 'nostr', ...PLATFORM_NAMES]),
];

needs('postgres')('connecting an account again from a receipt', () => {
  let stage: TestStage;
  beforeAll(async () => {
    stage = await startStage({ platforms: PLATFORM_NAMES });
  });

  const named = new Set<string>();
  const networkOf = (name: PlatformName) => {
    const network = stage.networks.get(name);
    if (!network) throw new Error(`${name} is not simulated`);
    return network;
  };
  const stateOf = ({ html }: Page) => /<main[^>]*data-state="(\w+)"/.exec(html)?.[1];
  const waysOn = ({ html }: Page) =>
    [...html.matchAll(/data-way="(\w+)"/g)].map(([, name]) => name ?? '');

  /** Presses a network's button and decides there, as this account; gives the page that this leads back to. */
  async function goThrough(
    browser: PlainBrowser,
    account: Page,
    name: PlatformName,
    handle: string,
    fields: Record<string, string> = {},
  ): Promise<Page> {
    const { url, control } = networkOf(name);
    // Whom somebody names has to be there; elsewhere who signs in is.
    if (name === 'bluesky' && !named.has(handle)) {
      await control.createAccounts({ accounts: [{ handle }] });
    }
    named.add(handle);
    const where = { [`where_${name}`]: knownServer(name, url, handle) };
    const there = await browser.submit(account, '/join', { platform: name, ...where, ...fields });
    if (pathOf(there) !== '/sign/nostr') {
      return browser.get(await decideConsent(there.url, handle));
    }
    const shown = /id="unsigned"[^>]*>([^<]*)</.exec(there.html)?.[1] ?? '';
    const code = JSON.stringify(signAs(handle, JSON.parse(unescapeHtml(shown))));
    return browser.submit(there, '/callback/nostr', { code });
  }

  const join = async (browser: PlainBrowser, url: string, name: PlatformName, handle: string) =>
    goThrough(browser, await browser.chooseWords(url), name, handle);

  /** No network takes the permissions of a campaign any more, as preflight has found. */
  const endGrants = ({ id }: OpenedCampaign) =>
    sql`update credential set state = 'dead' where campaign_id = ${id}`.execute(
      stage.instance.ctx.db,
    );

  const credentialsOf = async ({ id }: OpenedCampaign) => {
    const { rows } = await sql<{ platform: string; state: string }>`
      select platform, state from credential where campaign_id = ${id} and state <> 'revoking'
      order by platform, state`.execute(stage.instance.ctx.db);
    return rows.map(({ platform, state }) => `${platform} ${state}`);
  };

  const grantsOf = async ({ id }: OpenedCampaign) => {
    const { rows } = await sql`select 1 from credential where campaign_id = ${id}`.execute(
      stage.instance.ctx.db,
    );
    return rows.length;
  };

  const pledgesOf = async ({ id }: OpenedCampaign) => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from pledge where campaign_id = ${id}`.execute(
      stage.instance.ctx.db,
    );
    return rows[0]?.count;
  };

  const givenBack = async (name: PlatformName, handle: string) =>
    (await networkOf(name).control.record(0, 'revoke')).filter(
      (entry) => entry.handle?.split('.')[0] === handle,
    ).length;

  /** From a receipt of one post, whose permission has ended, to the page on which its account is connected again. */
  async function begin(name: PlatformName, handle: string) {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const receipt = await join(browser, campaign.url, name, handle);
    expect(stateOf(receipt)).toBe('pledged');
    await endGrants(campaign);
    const told = await browser.get(receipt.url);
    return { campaign, browser, receipt, account: await browser.submit(told, '/reconnect') };
  }

  it.each(firstOf(NETWORKS, 3))(
    'adds nothing when another account of %s comes back, and connects the one that joined',
    async (name) => {
      const [own, other] = [`own_${name}`, `other_${name}`];
      const { campaign, browser, receipt, account } = await begin(name, own);
      expect(waysOn(account)).toEqual([name]);
      expect(exactIn(account)).toBe(exactIn(receipt));
      expect(account.html).not.toMatch(/href="\/i\/[^"]*\/words/);

      const back = await goThrough(browser, account, name, other);
      expect([back.status, stateOf(back)]).toEqual([409, 'other_account']);
      expect(back.text).toContain('your receipt stands as it was');
      expect(back.text).not.toContain('If you have joined before');
      expect(await pledgesOf(campaign)).toBe(1);
      expect(await credentialsOf(campaign)).toEqual([`${name} dead`]);
      expect(await givenBack(name, other)).toBe(REVOKING.includes(name) ? 1 : 0);
      expect(new URL(linkTo(back, '/r/')).pathname).toBe(pathOf(receipt));

      const button = /class="button" href="(\/i\/[^"]+)"/.exec(back.html)?.[1] ?? '';
      const again = await browser.get(new URL(button, stage.url).href);
      expect(waysOn(again)).toEqual([name]);
      const connected = await goThrough(browser, again, name, own);
      expect(pathOf(connected)).toBe(pathOf(receipt));
      expect(connected.text).not.toContain('Connect again');
      expect(exactIn(connected)).toBe(exactIn(receipt));
      expect(await pledgesOf(campaign)).toBe(1);
      expect(await credentialsOf(campaign)).toEqual([`${name} live`]);
    },
  );

  it('says the same when the page is opened again', async () => {
    const { browser, account } = await begin('x', 'reload_own');
    const there = await browser.submit(account, '/join');
    const back = await decideConsent(there.url, 'reload_other');
    for (let opened = 0; opened < 2; opened++) {
      expect(stateOf(await browser.get(back))).toBe('other_account');
    }
    const denied = await browser.submit(account, '/join');
    const no = await decideConsent(denied.url, 'reload_own', 'deny');
    for (let opened = 0; opened < 2; opened++) {
      const page = await browser.get(no);
      expect(stateOf(page)).toBe('denied');
      expect(page.text).toContain('You have joined before');
    }
    const right = await browser.submit(account, '/join');
    const yes = await decideConsent(right.url, 'reload_own');
    const receipts = [await browser.get(yes), await browser.get(yes)].map(pathOf);
    expect(new Set(receipts).size).toBe(1);
    expect(receipts[0]).toMatch(/^\/r\//);
  });

  it('goes to the server of the account, whatever else is typed', async () => {
    const { browser, account } = await begin('mastodon', 'own_server');
    expect(account.html).toMatch(
      new RegExp(
        `<input id="where-mastodon"[^>]* value="${new URL(networkOf('mastodon').url).host}"`,
      ),
    );
    const typed = { where_mastodon: 'mastodon.example' };
    const there = await browser.submit(account, '/join', typed);
    expect(new URL(there.url).origin).toBe(networkOf('mastodon').url);
  });

  it('takes the page that joined, without a question, and none of the others', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const choice = await join(browser, campaign.url, 'facebook', 'editor3');
    expect(pathOf(choice)).toMatch(/^\/choose\//);
    const receipt = await browser.submit(choice, '/choose/', { choice: '1' });
    await endGrants(campaign);
    const account = await browser.submit(await browser.get(receipt.url), '/reconnect');
    const other = await goThrough(browser, account, 'facebook', 'editor4');
    expect(stateOf(other)).toBe('other_account');
    expect(await pledgesOf(campaign)).toBe(1);
    const connected = await goThrough(browser, account, 'facebook', 'editor3');
    expect(pathOf(connected)).toBe(pathOf(receipt));
    expect(await credentialsOf(campaign)).toEqual(['facebook live']);
    expect(await pledgesOf(campaign)).toBe(1);
  });

  it('keeps the text that was agreed to, also when what was typed is forgotten', async () => {
    const campaign = await stage.open({ document: namesDocument });
    const browser = plainBrowser();
    const words = await browser.chooseWords(campaign.url, { name: 'Zoë of Grozny' });
    const receipt = await goThrough(browser, words, 'x', 'named');
    expect(exactIn(receipt)).toContain('I am Zoë of Grozny.');
    await endGrants(campaign);
    await sql`delete from intent`.execute(stage.instance.ctx.db);
    const account = await browser.submit(await browser.get(receipt.url), '/reconnect');
    expect(exactIn(account)).toBe(exactIn(receipt));
    // The page for words leads back, whoever sends its form.
    const path = `${stage.url}${pathOf(account)}/words`;
    expect(pathOf(await browser.get(path))).toBe(pathOf(account));
    const forged = { ...account, html: account.html.replaceAll('/join"', '/words"') };
    expect(exactIn(await browser.submit(forged, '/words', { wording: '1' }))).toBe(
      exactIn(receipt),
    );
    const connected = await goThrough(browser, account, 'x', 'named');
    expect(exactIn(connected)).toBe(exactIn(receipt));
  });

  it('is for the browser alone in which it was begun', async () => {
    const { browser, account, receipt } = await begin('mastodon', 'at_home');
    const there = await browser.submit(account, '/join');
    const back = await decideConsent(there.url, 'at_home');
    const other = plainBrowser();
    await other.chooseWords((await stage.open()).url);
    const pages = [
      await other.get(back),
      await other.get(account.url),
      await other.submit(account, '/join'),
    ];
    for (const page of pages) {
      expect([page.status, stateOf(page)]).toEqual([409, 'again_elsewhere']);
      expect(page.html).not.toMatch(/href="\/(?:i|r)\//);
      expect(page.html).not.toContain('at_home');
      expect(page.html).not.toContain(new URL(networkOf('mastodon').url).host);
      expect(page.html).not.toContain('/words"');
    }
    // And it still ends where it began.
    expect(pathOf(await browser.get(back))).toBe(pathOf(receipt));
  });

  it('stays for its own post when the receipt is open in another tab', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const first = await join(browser, campaign.url, 'x', 'tab_one');
    const more = await browser.submit(first, '/add');
    expect(waysOn(more).length).toBe(PLATFORM_NAMES.length);
    const receipt = await goThrough(browser, more, 'linkedin', 'tab_two');
    const [one = '', two = ''] = pledgesOn(receipt);
    await endGrants(campaign);
    const told = await browser.get(receipt.url);
    const tabOne = await browser.submit(told, '/reconnect', { pledge: one });
    const tabTwo = await browser.submit(told, '/reconnect', { pledge: two });
    const tabThree = await browser.submit(told, '/add');
    expect([waysOn(tabOne), waysOn(tabTwo)]).toEqual([['x'], ['linkedin']]);
    expect(waysOn(tabThree).length).toBe(PLATFORM_NAMES.length);
    expect(stateOf(await goThrough(browser, tabOne, 'x', 'tab_other'))).toBe('other_account');
    // Not even with the account of the other post.
    const swapped = await goThrough(browser, tabOne, 'x', 'tab_two');
    expect(stateOf(swapped)).toBe('other_account');
    expect(await pledgesOf(campaign)).toBe(2);
    // One more account can still be added, by the button for it.
    const third = await goThrough(browser, tabThree, 'x', 'tab_three');
    expect([pathOf(third), await pledgesOf(campaign)]).toEqual([pathOf(receipt), 3]);
    // What is not on the page cannot be pressed.
    const forged = await browser.submit(tabOne, '/join', { platform: 'linkedin' });
    expect(forged.status).toBe(404);
    await goThrough(browser, tabOne, 'x', 'tab_one');
    await goThrough(browser, tabTwo, 'linkedin', 'tab_two');
    expect(await credentialsOf(campaign)).toEqual(['linkedin live', 'x live', 'x live']);
  });

  it('leaves a permission alone that works after all', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const receipt = await join(browser, campaign.url, 'x', 'works_own');
    const told = await (async () => {
      await endGrants(campaign);
      return browser.get(receipt.url);
    })();
    await sql`update credential set state = 'live' where campaign_id = ${campaign.id}`.execute(
      stage.instance.ctx.db,
    );
    const account = await browser.submit(told, '/reconnect');
    expect(stateOf(await goThrough(browser, account, 'x', 'works_other'))).toBe('other_account');
    expect(await credentialsOf(campaign)).toEqual(['x live']);
    expect(await givenBack('x', 'works_own')).toBe(0);
    expect(await givenBack('x', 'works_other')).toBe(1);
    expect(pathOf(await goThrough(browser, account, 'x', 'works_own'))).toBe(pathOf(receipt));
    expect(await credentialsOf(campaign)).toEqual(['x live']);
  });

  it.each(firstOf(WITHDRAWN_FROM, 3))(
    'promises who withdraws from %s to give back what is given back, and no more',
    async (name) => {
      const handle = `gone_${name}`;
      const campaign = await stage.open();
      const browser = plainBrowser();
      const receipt = await join(browser, campaign.url, name, handle);
      const gone = await browser.submit(receipt, '/withdraw');
      expect(gone.text).toContain('You have withdrawn');
      await waitFor(async () => (await grantsOf(campaign)) === 0, { what: 'no grant to be left' });
      const isBack = (await givenBack(name, handle)) > 0;
      const promises = [receipt, gone].map(({ text }) => /We [^.]*give [^.]*back/.test(text));
      if (!isBack) expect(promises).toEqual([false, false]);
      expect(isBack).toBe(REVOKING.includes(name));
      const { returns } = stage.instance.ctx.platforms.get(name) ?? {};
      expect(promises[0]).toBe(returns === 'revoked' || returns === 'shared');
      const byHand = 'remove this site in your settings there';
      expect(gone.text.includes(byHand)).toBe(returns === 'forgotten');
    },
  );

  it('adds nothing once the post is withdrawn, and forgets what was begun', async () => {
    const { campaign, browser, receipt, account } = await begin('x', 'leaver');
    const there = await browser.submit(account, '/join');
    const told = await browser.get(receipt.url);
    const gone = await browser.submit(told, '/withdraw');
    expect(gone.text).toContain('You have withdrawn');
    expect(stateOf(await browser.get(account.url))).toBe('words_gone');
    const back = await browser.get(await decideConsent(there.url, 'leaver'));
    expect(stateOf(back)).toBe('expired');
    const late = await browser.submit(told, '/reconnect');
    expect(pathOf(late)).toBe(pathOf(receipt));
    expect(late.text).toContain('It is too late for that');
    const left = await sql`select 1 from pledge where campaign_id = ${campaign.id}
      and state = 'active' union all select 1 from intent where campaign_id = ${campaign.id}
      union all select 1 from oauth_flow where campaign_id = ${campaign.id}`.execute(
      stage.instance.ctx.db,
    );
    expect(left.rows).toEqual([]);
  });

  it('is told in the receipt’s file and erased with the receipt', async () => {
    const { campaign, browser, receipt, account } = await begin('x', 'eraser');
    await browser.submit(account, '/join');
    const file = JSON.parse((await browser.get(`${stage.url}${pathOf(receipt)}/data.json`)).html);
    expect(file['words you chose last']).toHaveLength(2);
    expect(file['sign-ins begun from this receipt']).toHaveLength(2);
    await browser.submit(await browser.get(receipt.url), '/erase');
    const left = await sql`select 1 from intent where campaign_id = ${campaign.id}
      union all select 1 from oauth_flow where campaign_id = ${campaign.id}`.execute(
      stage.instance.ctx.db,
    );
    expect(left.rows).toEqual([]);
  });

  it('leads back to the receipt when joining has closed meanwhile', async () => {
    const { campaign, browser, receipt, account } = await begin('x', 'latecomer');
    const there = await browser.submit(account, '/join');
    const back = await decideConsent(there.url, 'latecomer');
    const add = await browser.submit(await browser.get(receipt.url), '/add');
    await sql`update campaign set lock_at = now() - interval '1 second', state = 'locked'
      where id = ${campaign.id}`.execute(stage.instance.ctx.db);
    const pages = [
      await browser.get(account.url),
      await browser.submit(account, '/join'),
      await browser.get(back),
      await browser.get(add.url),
    ];
    for (const page of pages) {
      expect([page.status, stateOf(page)]).toEqual([409, 'closed']);
      expect(new URL(linkTo(page, '/r/')).pathname).toBe(pathOf(receipt));
      expect(page.text).not.toContain('If you have joined before');
    }
    const stranger = await plainBrowser().get(add.url);
    expect(stateOf(stranger)).toBe('closed');
    expect(stranger.html).not.toContain('href="/r/');
    expect(await pledgesOf(campaign)).toBe(1);
  });
});
