import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { joinAs } from '../../src/demo/supporter.ts';
import type { BehaviourChange, Fault } from '../../src/simulator/behaviour.ts';
import { needs } from '../support/database.ts';
import { startNetwork } from '../support/network.ts';
import type { Network } from '../support/networks.ts';
import { startStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

/** Servers with Mastodon's API, each with one who is answered, one whose answer is lost, and one whose post never arrives. */
const SERVERS: Record<string, NonNullable<BehaviourChange['mastodon']>> = {
  gotosocial: { software: 'gotosocial' },
  hollo: { software: 'hollo' },
  closed: { closed: true },
};
const PEOPLE: Record<string, Fault | null> = {
  sure: null,
  there: 'resetAfterAccept',
  never: 'resetBefore',
};
/** Longer than it takes until a post that is in doubt may be sent again. */
const DOUBT_MS = 100_000;

needs('postgres')('posts in doubt on servers that show posts to nobody', () => {
  async function run(isReadable: boolean) {
    const networks = new Map<string, Network>();
    for (const [name, mastodon] of Object.entries(SERVERS)) {
      const network = await startNetwork('mastodon');
      const timeline = isReadable ? {} : { pathErrorRates: { timeline: { status500: 1 } } };
      await network.control.behaviour({ mastodon, ...timeline });
      networks.set(name, network);
    }
    const hosts = [...networks.values()].map(({ url }) => new URL(url).host);
    const stage = await startStage({
      platforms: ['mastodon'],
      environment: {
        ...{ PRIVATE_HOSTS: hosts.join(','), REPOST_UNDECIDED: 'true' },
        // Hollo answers later than that.
        MASTODON_TIMEOUT_MS: '1000',
      },
    });
    const campaign = await stage.open();
    for (const [name, { url, control }] of networks) {
      for (const [index, [person, fault]] of Object.entries(PEOPLE).entries()) {
        const handle = `${name}_${person}`.slice(0, 15);
        await control.createAccounts({ accounts: [{ handle }] });
        const way = { platform: 'mastodon', where: new URL(url).host };
        await joinAs(campaign.url, handle, index, way);
        if (fault) await control.fault(handle, 'posts', fault);
      }
    }
    await stage.bringForward(campaign, 5_000);
    const states = async (): Promise<Record<string, number>> => {
      const { rows } = await sql<{ state: string; n: number }>`
        select state, count(*)::int as n from delivery
        where campaign_id = ${campaign.id} group by state`.execute(stage.instance.ctx.db);
      return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
    };
    /** How many posts of each person the servers have, by their own record. */
    const counts = async (): Promise<Record<string, number>> => {
      const found: Record<string, number> = {};
      for (const { control } of networks.values()) {
        for (const { handle } of await control.posts()) found[handle] = (found[handle] ?? 0) + 1;
      }
      return found;
    };
    return { states, counts };
  }

  it('E4 are found where they are and sent once where they are not, with nobody posted twice', async () => {
    const { states, counts } = await run(true);
    const all = Object.keys(SERVERS).length * Object.keys(PEOPLE).length;
    await waitFor(async () => (await states()).posted === all, {
      timeoutMs: DOUBT_MS,
      what: 'every post to be found or sent',
    });
    const posted = await counts();
    expect(Object.keys(posted)).toHaveLength(all);
    expect(Object.values(posted).every((count) => count === 1)).toBe(true);
  });

  it('E4 are not sent again where they cannot be read and keys are not kept', async () => {
    const { states, counts } = await run(false);
    // Hollo and Mastodon keep keys: there both in doubt are settled by sending them again.
    const settled = async () => (await states()).posted === 3 + 2 * 2;
    await waitFor(settled, { timeoutMs: DOUBT_MS, what: 'what may be sent again' });
    expect(await states()).toEqual({ posted: 7, unconfirmed: 2 });
    const posted = await counts();
    expect(posted.gotosocial_ther).toBe(1);
    expect(posted.gotosocial_neve).toBeUndefined();
    expect(Object.values(posted).every((count) => count === 1)).toBe(true);
  });
});
