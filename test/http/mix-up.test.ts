import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { openFlow, sealFlow } from '../../src/actions/join/flow-content.ts';
import { secretHash } from '../../src/secret-token.ts';
import { decideConsent } from '../../src/simulator/client.ts';
import { findOauthFlow } from '../../src/store/oauth-flow.ts';
import { openNoteBook } from '../../src/store/platform-note.ts';
import { type Page, type PlainBrowser, plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { type HostileServer, sentOnFrom, startHostileServer } from '../support/mix-up.ts';
import { startNetwork } from '../support/network.ts';
import type { Network } from '../support/networks.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { joinFrom, linkTo } from './on-page.ts';

needs('postgres')('a way back from a server that supporters name', () => {
  let stage: TestStage;
  let campaign: OpenedCampaign;
  let honest: Network;
  let hostile: HostileServer;
  let accomplice: HostileServer;
  let at: (host: string) => Record<string, string>;
  beforeAll(async () => {
    honest = await startNetwork('mastodon');
    [hostile, accomplice] = await Promise.all([startHostileServer(), startHostileServer()]);
    stage = await startStage({
      platforms: ['mastodon', 'x'],
      environment: {
        PRIVATE_HOSTS: [new URL(honest.url).host, hostile.host, accomplice.host].join(','),
      },
    });
    at = (host) => ({ platform: 'mastodon', where_mastodon: host });
  });

  beforeEach(async () => {
    hostile.codes.length = 0;
    accomplice.codes.length = 0;
    await honest.control.behaviour({});
    campaign = await stage.open();
  });

  const honestHost = () => new URL(honest.url).host;

  async function pledges(): Promise<number> {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from pledge where campaign_id = ${campaign.id}`.execute(
      stage.instance.ctx.db,
    );
    return rows[0]?.n ?? -1;
  }

  /** What the hostile server does with a victim who has set out for it: leads them to the honest one, and finishes what it gets. */
  async function attack(victim: PlainBrowser, begin: () => Promise<string>) {
    const attacker = plainBrowser();
    const attackers = await attacker.startJoining(campaign.url, at(honestHost()));
    hostile.sendOnTo(attackers);
    const first = await begin();
    // A form's redirects have been followed already.
    const led = new URL(first).host === honestHost() ? first : await sentOnFrom(first);
    expect(new URL(led).host).toBe(honestHost());
    const back = await decideConsent(led, 'mixed_victim');
    expect(new URL(back).searchParams.get('code')).toMatch(/^.{20}/);
    const page = await victim.get(back);
    const [stolen] = hostile.codes;
    if (stolen !== undefined) {
      const finish = new URL(back);
      finish.searchParams.set('code', stolen);
      finish.searchParams.set('state', new URL(attackers).searchParams.get('state') ?? '');
      await attacker.get(finish.href);
    }
    return { page, back, led };
  }

  it('A5 gives a hostile server nothing of what a victim approves at an honest one', async () => {
    const victim = plainBrowser();
    const begin = () => victim.startJoining(campaign.url, at(hostile.host));
    const { page, back } = await attack(victim, begin);
    expect({ codes: hostile.codes, pledges: await pledges() }).toEqual({ codes: [], pledges: 0 });
    expect([page.status, page.html]).toEqual([
      409,
      expect.stringContaining('data-state="other_server"'),
    ]);
    // The words are there to begin again with, and the state has been used up: also by its own address.
    expect(page.html).toContain('href="/i/');
    expect(page.text).toContain('Begin again');
    expect(plainState(await victim.get(back))).toBe('other_server');
    expect(hostile.codes).toEqual([]);
  });

  it('S1 gives two hostile servers no more than one: each leads to the other’s address, and to the honest one', async () => {
    const attackers = await plainBrowser().startJoining(campaign.url, at(honestHost()));
    const addressOf = (url: string) => new URL(url).searchParams.get('redirect_uri') ?? '';
    const stateOf = (url: string) => new URL(url).searchParams.get('state') ?? '';
    for (const [first, second] of [
      [hostile, accomplice],
      [accomplice, hostile],
    ] as const) {
      const victim = plainBrowser();
      const [one, other] = [
        await victim.startJoining(campaign.url, at(first.host)),
        await victim.startJoining(campaign.url, at(second.host)),
      ];
      hostile.sendOnTo(attackers);
      accomplice.sendOnTo(attackers);
      const back = new URL(await decideConsent(await sentOnFrom(one), 'between_two'));
      const code = back.searchParams.get('code') ?? '';
      // The code with every state and every address that the two have between them, but for a flow's own.
      const tries = [
        [stateOf(one), addressOf(other)],
        [stateOf(other), addressOf(attackers)],
        [stateOf(attackers), addressOf(attackers)],
        [stateOf(attackers), addressOf(one)],
      ] as const;
      for (const [state, address] of tries) {
        const page = await victim.get(`${address}?${new URLSearchParams({ state, code })}`);
        expect(page.html).not.toContain('data-state="pledged"');
      }
      expect([...hostile.codes, ...accomplice.codes]).toEqual([]);
    }
    expect(await pledges()).toBe(0);
  });

  it('A5 holds for one more account on a receipt, and for joining again', async () => {
    const victim = plainBrowser();
    const receipt = await victim.join(campaign.url, 'mixed_again', at(honestHost()));
    expect(receipt.html).toContain('data-state="pledged"');
    const add = async () => {
      const account = await victim.submit(receipt, '/add');
      return (await victim.submit(account, '/join', at(hostile.host))).url;
    };
    for (const begin of [add, () => victim.startJoining(campaign.url, at(hostile.host))]) {
      const { page } = await attack(victim, begin);
      expect(plainState(page)).toBe('other_server');
    }
    expect({ codes: hostile.codes, pledges: await pledges() }).toEqual({ codes: [], pledges: 1 });
  });

  it('A5 gives each server an address of its own, and its app no other', async () => {
    const one = new URL(await plainBrowser().startJoining(campaign.url, at(honestHost())));
    const other = new URL(await plainBrowser().startJoining(campaign.url, at(hostile.host)));
    const [first, second] = [one, other].map((url) => url.searchParams.get('redirect_uri') ?? '');
    expect(first).toMatch(new RegExp(`^${stage.url}/callback/mastodon/[\\w-]{22}$`));
    expect(second).not.toBe(first);
    one.searchParams.set('redirect_uri', second as string);
    await expect(decideConsent(one.href, 'elsewhere')).rejects.toThrow('redirect uri');
    const bare = `${stage.url}/callback/mastodon`;
    one.searchParams.set('redirect_uri', bare);
    await expect(decideConsent(one.href, 'elsewhere')).rejects.toThrow('redirect uri');
  });

  it('A5 ends a refusal at another server’s address like everything else there', async () => {
    const victim = plainBrowser();
    const state = new URL(
      await victim.startJoining(campaign.url, at(hostile.host)),
    ).searchParams.get('state');
    const own = new URL(await plainBrowser().startJoining(campaign.url, at(honestHost())));
    const back = new URL(own.searchParams.get('redirect_uri') ?? '');
    back.search = new URLSearchParams({ state: state ?? '', error: 'access_denied' }).toString();
    expect(plainState(await victim.get(back.href))).toBe('other_server');
  });

  it('A5 ends flows that were begun at the old address in words, and stores nothing', async () => {
    const { ctx } = stage.instance;
    const before = await pledges();
    const browser = plainBrowser();
    const url = new URL(await browser.startJoining(campaign.url, at(honestHost())));
    const state = url.searchParams.get('state') ?? '';
    const stateHash = createHash('sha256').update(state).digest();
    const row = { campaignId: campaign.id, platform: 'mastodon' };
    const browserHash = secretHash(browser.cookies.get('tocsin_browser') ?? '');
    const flow = await findOauthFlow(ctx.db, stateHash, browserHash);
    if (!flow) throw new Error('There is no such flow');
    const content = await openFlow(ctx, flow, stateHash);
    const secret = content.secret && {
      ...content.secret,
      redirectUri: `${stage.url}/callback/elsewhere`,
    };
    const sealed = await sealFlow(ctx, row, stateHash, { ...content, secret });
    await sql`update oauth_flow set sealed = ${sealed} where state_hash = ${stateHash}`.execute(
      ctx.db,
    );
    const query = new URLSearchParams({ state, code: 'a-code' });
    const page = await browser.get(`${stage.url}/callback/mastodon?${query}`);
    expect([page.status, plainState(page)]).toEqual([409, 'old_address']);
    expect(page.html.match(/class="button"/g)).toHaveLength(1);
    expect(page.text).toContain('Begin again');
    // The words are still there: one press, and it goes on at the new address.
    const again = await browser.get(linkTo(page, '/i/'));
    const receipt = await joinFrom(browser, again, 'renewed', at(honestHost()));
    expect(receipt.html).toContain('data-state="pledged"');
    expect(await pledges()).toBe(before + 1);
  });

  it('A5 registers an app anew that was registered for the old address', async () => {
    const { db, vault } = stage.instance.ctx;
    const notes = openNoteBook(db, vault, 'mastodon');
    const old = { clientId: 'old', clientSecret: 'old', scope: 'write:statuses profile' };
    const key = `app|${honest.url}|${stage.url}/callback/mastodon`;
    await notes.saveIfAbsent(key, JSON.stringify(old));
    const url = new URL(await plainBrowser().startJoining(campaign.url, at(honestHost())));
    expect(url.searchParams.get('client_id')).not.toBe('old');
  });

  it('A5 takes no part behind the address of a network that has but one', async () => {
    const browser = plainBrowser();
    const url = new URL(await browser.startJoining(campaign.url, { platform: 'x' }));
    const back = new URL(await decideConsent(url.href, 'one_address'));
    back.pathname += '/aaaaaaaaaaaaaaaaaaaaaa';
    expect(plainState(await browser.get(back.href))).toBe('other_server');
  });

  it('E11 takes a refusal without a state for the flow that this browser has open there', async () => {
    await honest.control.behaviour({ mastodon: { software: 'hollo' } });
    const before = await pledges();
    const browser = plainBrowser();
    const url = await browser.startJoining(campaign.url, at(honestHost()));
    const back = await decideConsent(url, 'sayer_of_no', 'deny');
    expect(new URL(back).searchParams.has('state')).toBe(false);
    const page = await browser.get(back);
    expect([page.status, plainState(page)]).toEqual([200, 'denied']);
    expect(page.text).toContain('Nothing was added');
    expect(page.html).toContain('href="/i/');
    expect(await pledges()).toBe(before);
    // A person who changes their mind can still say yes: nothing was used up.
    const yes = await browser.get(await decideConsent(url, 'sayer_of_no'));
    expect(yes.html).toContain('data-state="pledged"');
    // And then there is no flow left that it could be about.
    expect(plainState(await browser.get(back))).toBe('expired');
  });

  it('E11 says no more than it knows of other errors, browsers, addresses and several flows', async () => {
    await honest.control.behaviour({ mastodon: { software: 'hollo' } });
    const browser = plainBrowser();
    const url = await browser.startJoining(campaign.url, at(honestHost()));
    await browser.startJoining(campaign.url, at(honestHost()));
    await browser.startJoining(campaign.url, at(hostile.host));
    const denied = new URL(await decideConsent(url, 'sayer_of_no', 'deny'));
    expect(plainState(await browser.get(denied.href))).toBe('denied');
    const failed = new URL(denied);
    failed.searchParams.set('error', 'server_error');
    const failure = await browser.get(failed.href);
    expect([failure.status, plainState(failure)]).toEqual([502, 'platform_broken']);
    // Not of another browser, nor of none, nor at an address for which this browser has nothing open.
    expect(plainState(await plainBrowser().get(denied.href))).toBe('expired');
    const stranger = plainBrowser();
    await stranger.startJoining(campaign.url, at(hostile.host));
    expect(plainState(await stranger.get(denied.href))).toBe('expired');
    const bare = `${stage.url}/callback/mastodon?error=access_denied`;
    expect(plainState(await browser.get(bare))).toBe('expired');
    // The state of another browser: it answers for nobody.
    const state = new URL(url).searchParams.get('state') ?? '';
    denied.searchParams.set('state', state);
    expect(plainState(await stranger.get(denied.href))).toBe('stranger');
    // With its state it is that flow's end, as ever.
    expect(plainState(await browser.get(denied.href))).toBe('denied');
    expect(plainState(await browser.get(denied.href))).toBe('denied');
  });
});

/** Which notice it is, or what has become of a pledge. */
function plainState(page: Page): string | undefined {
  return /data-state="([a-z_]+)"/.exec(page.html)?.[1];
}
