import { get } from 'node:http';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { joinAs } from '../../src/demo/supporter.ts';
import { knownServer, PLATFORM_NAMES, type PlatformName } from '../../src/simulator/client.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

/** Nobody may read an account back there, so that what is lost would stay in doubt. */
const UNREADABLE: PlatformName = 'linkedin';

/** What is signed there is dated to the moment, which this test moves; it is posted to by itself. */
const DATED: PlatformName = 'nostr';
const MOVED = PLATFORM_NAMES.filter((name) => name !== DATED);

needs('postgres')('every request that goes to a network', () => {
  let stage: TestStage;
  let campaign: OpenedCampaign;
  beforeAll(async () => {
    stage = await startStage({ platforms: PLATFORM_NAMES });
    campaign = await stage.open();
  });

  /** Joins on one network; the answer to the first post of the second person will be lost. */
  async function joinOn(name: PlatformName): Promise<void> {
    const network = stage.networks.get(name);
    if (!network) throw new Error(`${name} is not simulated`);
    for (const [index, handle] of [`${name}_sure`, `${name}_lost`].entries()) {
      await network.control.createAccounts({ accounts: [{ handle }] });
      const where = knownServer(name, network.url, handle);
      await joinAs(campaign.url, handle, index, { platform: name, where });
    }
    if (name !== UNREADABLE) {
      await network.control.fault(`${name}_lost`, 'posts', 'resetAfterAccept');
    }
  }

  /** Warms up, posts, and looks, as at a moment. */
  async function postDated(): Promise<void> {
    const platform = stage.instance.ctx.platforms.get(DATED);
    const control = stage.networks.get(DATED)?.control;
    const [granted] = (await control?.createGrants({ clientId: 'any', count: 1 })) ?? [];
    if (!platform || !granted) throw new Error(`${DATED} is not simulated`);
    const grant = { ...granted, expiresAt: null, scope: platform.scope };
    const event = JSON.parse(granted.accessToken) as { content: string; created_at: number };
    const order = {
      ...{ deliveryId: 'a-delivery', account: await platform.whoAmI(grant), grant, locale: 'en' },
      ...{ text: event.content, moment: new Date(event.created_at * 1_000), staged: null },
      postKey: 'a-delivery',
    };
    expect(await platform.openConnections('relays', 1)).not.toBeNull();
    expect(await platform.prepare(order)()).toMatchObject({ kind: 'posted' });
    expect(await platform.reconcile(order, order.moment)).toMatchObject({ kind: 'found' });
  }

  const states = async (): Promise<Record<string, number>> => {
    const { rows } = await sql<{ state: string; n: number }>`
      select state, count(*)::int as n from delivery
      where campaign_id = ${campaign.id} group by state`.execute(stage.instance.ctx.db);
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  };

  it('E12 says who we are: joining, preflight, warming up, posting, looking, giving back', async () => {
    for (const name of MOVED) await joinOn(name);
    await postDated();
    await stage.bringForward(campaign, 5_000);
    const most = 2 * MOVED.length;
    await waitFor(async () => (await states()).posted === most, {
      timeoutMs: 90_000,
      what: 'every post to be found',
    });
    const given = async () => {
      const { rows } = await sql`
        select 1 from credential where campaign_id = ${campaign.id}`.execute(stage.instance.ctx.db);
      return rows.length === 0;
    };
    await waitFor(given, { timeoutMs: 60_000, what: 'every grant to be given back' });
    for (const [name, { control }] of stage.networks) {
      const entries = await control.record();
      expect(
        entries.filter(({ status }) => status === 418),
        name,
      ).toEqual([]);
      const routes = [...new Set(entries.map(({ route }) => route))];
      expect(routes, name).toContain('posts');
      if (name !== UNREADABLE) expect(routes, name).toContain('timeline');
    }
  });

  it('E12 would be seen without: the networks answer 418 to whoever does not say it', async () => {
    for (const [name, { url, control }] of stage.networks) {
      expect(await namelessGet(url), name).toBe(418);
      const entries = await control.record();
      expect(entries.filter(({ status }) => status === 418).length, name).toBe(1);
    }
  });
});

/** The status of a request that does not say who asks. */
function namelessGet(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).once('error', reject);
  });
}
