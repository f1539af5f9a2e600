import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { joinAs } from '../../../src/demo/supporter.ts';
import { needs } from '../../support/database.ts';
import { startNetwork } from '../../support/network.ts';
import type { Network } from '../../support/networks.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../../support/stage.ts';
import { waitFor } from '../../support/wait-for.ts';

needs('postgres')('a post in doubt that cannot be looked for', () => {
  const servers = new Map<string, Network>();
  let stage: TestStage;
  let campaign: OpenedCampaign;
  beforeAll(async () => {
    for (const software of ['gotosocial', 'hollo']) {
      const network = await startNetwork('mastodon');
      const pathErrorRates = { timeline: { status500: 1 } };
      await network.control.behaviour({ mastodon: { software }, pathErrorRates });
      servers.set(software, network);
    }
    const hosts = [...servers.values()].map(({ url }) => new URL(url).host);
    const environment = { PRIVATE_HOSTS: hosts.join(','), REPOST_UNDECIDED: 'true' };
    stage = await startStage({ platforms: ['mastodon'], environment });
    campaign = await stage.open();
  });

  const inDoubt = async () => {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from delivery d where campaign_id = ${campaign.id} and exists (
        select 1 from attempt a where a.delivery_id = d.id and a.detail like 'looked: undecided%')`.execute(
      stage.instance.ctx.db,
    );
    return rows[0]?.n ?? 0;
  };
  /**
   * As if each had been sent two minutes ago, and were to be looked for now. Asked for again and again: a look that is just ending puts
   * the next one off.
   */
  const letTimePass = () =>
    sql`update delivery set marked_at = marked_at - interval '2 minutes', due_at = now()
      where campaign_id = ${campaign.id} and state = 'unconfirmed' and attempts = 1
        and due_at > now() + interval '5 seconds'`.execute(stage.instance.ctx.db);
  /** A mark that is older than the one noted last is how the instance sees that its database was restored. */
  const forgetLastMark = async () => {
    const { ctx } = stage.instance;
    const { id } = await ctx.db.selectFrom('delivery').select('id').executeTakeFirstOrThrow();
    ctx.highWater.noteMark({ deliveryId: id, markedAtMs: 0 });
  };
  const looks = async (software: string): Promise<number> =>
    (await servers.get(software)?.control.record(0, 'timeline'))?.length ?? 0;

  it('E4 is sent again only where its key is known, whatever REPOST_UNDECIDED says', async () => {
    for (const [software, { url, control }] of servers) {
      for (const [index, fault] of (['resetAfterAccept', 'resetBefore'] as const).entries()) {
        const handle = `${software}${index}`;
        await control.createAccounts({ accounts: [{ handle }] });
        await joinAs(campaign.url, handle, index, {
          ...{ platform: 'mastodon', where: new URL(url).host },
        });
        await control.fault(handle, 'posts', fault);
      }
    }
    await stage.bringForward(campaign, 4_000);
    await waitFor(async () => (await inDoubt()) === 4, { what: 'a first look at each' });
    await forgetLastMark();
    const hollo = servers.get('hollo') as Network;
    const becomes = (condition: () => Promise<boolean>, what: string) =>
      waitFor(
        async () => {
          await letTimePass();
          return condition();
        },
        { what },
      );
    await becomes(
      async () => (await hollo.control.posts()).length === 2,
      'what Hollo knows by its key to be sent again',
    );
    const before = await looks('gotosocial');
    await becomes(async () => (await looks('gotosocial')) > before, 'one more look');
    const handles = async (network: Network) =>
      (await network.control.posts()).map(({ handle }) => handle).sort();
    expect(await handles(hollo)).toEqual(['hollo0', 'hollo1']);
    // The one that arrived is there once; the one that never did is not claimed.
    expect(await handles(servers.get('gotosocial') as Network)).toEqual(['gotosocial0']);
    const claimed = async () => {
      const { rows } = await sql`
        select 1 from delivery where campaign_id = ${campaign.id} and state = 'posted'`.execute(
        stage.instance.ctx.db,
      );
      return rows.length;
    };
    await waitFor(async () => (await claimed()) === 2, { what: 'Hollo’s late answers' });
  });
});
