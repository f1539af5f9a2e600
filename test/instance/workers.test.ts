import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { needs } from '../support/database.ts';
import {
  countPosts,
  FAULTLESS,
  type Fleet,
  type Fleeted,
  startFleet,
  TAKES_ALL,
} from '../support/fleet.ts';
import { firstOf, onlyInFull } from '../support/tier.ts';
import { waitFor } from '../support/wait-for.ts';

/** A burst that is long enough to be met in its middle: so many are on their way at once at first, and each takes so long. */
const SLOW = {
  ...TAKES_ALL,
  latency: { kind: 'fixed', medianMs: 100 },
} as const;
/** A server is given no more than this a second, so that a burst of hundreds is met in its middle however busy the machine is. */
const PACED = { MASTODON_POSTS_PER_SECOND: '40' };

async function untilPosted(fleet: Fleet, campaign: Fleeted, count: number): Promise<void> {
  const seen = async () => (await fleet.posts(campaign)).length >= count;
  await waitFor(seen, { timeoutMs: 60_000, everyMs: 5, what: `${count} posts` });
}

async function expectFaultless(fleet: Fleet, campaign: Fleeted): Promise<void> {
  await fleet.untilSettled(campaign);
  expect(countPosts(campaign, await fleet.posts(campaign))).toEqual(FAULTLESS);
  expect(await fleet.states(campaign)).toEqual({ posted: campaign.people });
}

/** The ledger's own words on how attempts ended. */
async function outcomes(fleet: Fleet, campaign: Fleeted): Promise<string[]> {
  const rows = await fleet.ctx.db
    .selectFrom('attempt')
    .select('outcome')
    .distinct()
    .where('campaign_id', '=', campaign.id)
    .execute();
  return rows.map((row) => row.outcome);
}

needs('postgres', 'redis')('a worker in the middle of a burst', () => {
  it('that is asked to stop leaves nothing in doubt, and another finishes', async () => {
    const fleet = await startFleet('redis', { platform: 'mastodon', timeoutMs: 20_000 });
    const first = await fleet.worker(PACED);
    const campaign = await fleet.open(200);
    await untilPosted(fleet, campaign, 1);
    const asked = performance.now();
    expect(await first.stop('SIGTERM', { timeoutMs: 20_000 })).toEqual({ code: 0, signal: null });
    expect(performance.now() - asked).toBeLessThan(10_000);
    const left = await fleet.states(campaign);
    expect({ unconfirmed: 0, sending: 0, armed: 0, ...left }).toMatchObject({
      unconfirmed: 0,
      sending: 0,
      armed: 0,
    });
    // Stopped in its middle indeed, and nothing is posted that is not written down as posted.
    expect(left.pending ?? 0).toBeGreaterThan(0);
    expect(await fleet.posts(campaign)).toHaveLength(left.posted ?? 0);
    await fleet.worker();
    await expectFaultless(fleet, campaign);
    expect(await outcomes(fleet, campaign)).toEqual(['posted']);
  }, 120_000);

  it('that is held up for longer than its lease does no harm when it goes on', async () => {
    const fleet = await startFleet('redis');
    await fleet.control.behaviour(SLOW);
    const first = await fleet.worker();
    const campaign = await fleet.open(400);
    await untilPosted(fleet, campaign, 1);
    first.signal('SIGSTOP');
    await fleet.control.behaviour(TAKES_ALL);
    await fleet.worker();
    // Its lease is over when somebody else has found what it was sending.
    const inDoubt = async () => ((await fleet.states(campaign)).unconfirmed ?? 0) > 0;
    await waitFor(inDoubt, { timeoutMs: 30_000, what: 'the second worker to take over' });
    await sleep(500);
    first.signal('SIGCONT');
    await expectFaultless(fleet, campaign);
    expect(await first.stop()).toEqual({ code: 0, signal: null });
    expect(await fleet.states(campaign)).toEqual({ posted: 400 });
    expect(await outcomes(fleet, campaign)).not.toContain('refused');
  }, 120_000);

  onlyInFull(() => {
    it('shares it with another, and nobody posts twice', async () => {
      const fleet = await startFleet('redis');
      await Promise.all([fleet.worker(), fleet.worker()]);
      const campaign = await fleet.open(600);
      await expectFaultless(fleet, campaign);
      expect(await outcomes(fleet, campaign)).toEqual(['posted']);
    }, 90_000);
  });
});

describe.each(firstOf([5_000, -5_000], 1))('a worker whose clock is %i ms off', (shift) => {
  needs('postgres', 'redis')('on real services', () => {
    it('posts at the moment by the database clock, and nothing before it', async () => {
      const fleet = await startFleet('redis');
      const preload = new URL('../support/fixtures/clock-shift.mjs', import.meta.url).href;
      const worker = await fleet.worker({
        NODE_OPTIONS: `--import=${preload}`,
        CLOCK_SHIFT_MS: String(shift),
      });
      const lateness = async (): Promise<number> => {
        const campaign = await fleet.open(60);
        await expectFaultless(fleet, campaign);
        const [first] = await fleet.posts(campaign);
        return (first?.at_us ?? 0) / 1_000 - campaign.moment.getTime();
      };
      // A machine that is busy may be late once; a clock that is taken at its word is wrong every time.
      const late: number[] = [];
      while (late.length < 3 && !(Math.min(...late) < 100)) late.push(await lateness());
      expect(Math.min(...late)).toBeLessThan(100);
      const rows = await fleet.ctx.db.selectFrom('worker').select('clock_offset_ms').execute();
      // It was wrong indeed, and it knew.
      expect(Math.abs((rows[0]?.clock_offset_ms ?? 0) + shift)).toBeLessThan(500);
      expect(await worker.stop()).toEqual({ code: 0, signal: null });
    }, 90_000);
  });
});
