import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, expect, it } from 'vitest';
import { showDelivery } from '../../../../src/actions/delivery/show-delivery.ts';
import { resumeSending } from '../../../../src/actions/stop/resume-sending.ts';
import { listHolds } from '../../../../src/store/stop/hold.ts';
import { seedCrowd } from '../../../support/crowd.ts';
import { needs } from '../../../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../../../support/stage.ts';
import { waitFor } from '../../../support/wait-for.ts';

const CROWD = 300;
/** Posts on their way when the first answer comes back; the width that a burst begins with. */
const FIRST_WIDTH = 32;

async function crowded(stage: TestStage): Promise<OpenedCampaign> {
  const campaign = await stage.open();
  await seedCrowd(stage.instance.ctx, stage.control, campaign.id, CROWD);
  return stage.bringForward(campaign);
}

async function totalsOf(stage: TestStage, campaign: OpenedCampaign) {
  return (await showDelivery(stage.instance.ctx, campaign)).totals;
}

async function allPosted(stage: TestStage, campaign: OpenedCampaign): Promise<void> {
  await waitFor(async () => (await totalsOf(stage, campaign)).posted === CROWD, {
    timeoutMs: 60_000,
    everyMs: 200,
    what: 'everybody to be posted for',
  });
  const posts = await stage.control.posts();
  expect(posts).toHaveLength(CROWD);
  expect(new Set(posts.map((post) => post.handle)).size).toBe(CROWD);
}

needs('postgres', 'redis')('the lane of a platform', () => {
  let stage: TestStage;
  afterEach(() => stage.stop());

  it('is stopped by an answer that only the operator can mend, and goes on when they say so', async () => {
    stage = await startStage({ queue: 'redis', environment: { SHARD_SIZE: '50' } });
    const { ctx } = stage.instance;
    const campaign = await crowded(stage);
    const latency = { kind: 'fixed', medianMs: 20 } as const;
    await stage.control.behaviour({ latency, errorRates: { status402: 1 } });
    await waitFor(async () => (await listHolds(ctx.db)).some((hold) => hold.kind === 'broken'), {
      timeoutMs: 30_000,
      what: 'the lane to be broken',
    });
    await waitFor(async () => (await totalsOf(stage, campaign)).sending === 0, {
      what: 'the last answers',
    });
    const refused = (await stage.control.record(0, 'posts')).filter((e) => e.status === 402);
    // Those on their way when the first answers came, and no more.
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(FIRST_WIDTH + 3);
    // Nobody has lost their post to it.
    const { posted, refused: ended, dropped, unconfirmed } = await totalsOf(stage, campaign);
    expect({ posted, ended, dropped, unconfirmed }).toEqual({
      posted: 0,
      ended: 0,
      dropped: 0,
      unconfirmed: 0,
    });
    await stage.control.behaviour({});
    await resumeSending(ctx, { scope: 'platform', subject: 'x', actor: 'vera' });
    await allPosted(stage, campaign);
    const { rows } = await sql<{ actor: string; action: string }>`
      select actor, action from campaign_event where campaign_id = ${campaign.id} order by id`.execute(
      ctx.db,
    );
    expect(rows).toEqual([
      { actor: 'tocsin', action: 'broken' },
      { actor: 'vera', action: 'resumed' },
    ]);
  }, 90_000);

  it('takes all that the platform allows, and never asks for more', async () => {
    stage = await startStage({ queue: 'redis', environment: { SHARD_SIZE: '50' } });
    const campaign = await crowded(stage);
    // Long enough that a busy machine uses it up, too.
    const limit = { limit: 120, windowSeconds: 10 };
    const latency = { kind: 'lognormal', medianMs: 20 } as const;
    await stage.control.behaviour({ latency, limits: { tweetsPerAppDay: limit } });
    await allPosted(stage, campaign);
    const requests = await stage.control.record(0, 'posts');
    expect(requests.filter((entry) => entry.status !== 201)).toEqual([]);
    // Two windows to the last post, and the rest in a third.
    const [first = 0, ...others] = requests.map((entry) => entry.at_us).sort((a, b) => a - b);
    const perWindow = [first, ...others].map((at) => Math.floor((at - first) / 10_000_000));
    expect(perWindow.filter((window) => window === 0)).toHaveLength(limit.limit);
  }, 90_000);

  it('is left alone for as long as the platform says, when others use it up, too', async () => {
    stage = await startStage({ queue: 'redis', environment: { SHARD_SIZE: '50' } });
    const campaign = await crowded(stage);
    const latency = { kind: 'fixed', medianMs: 20 } as const;
    // Less than a burst begins with, so that nobody has said yet how little there is.
    const limit = { limit: FIRST_WIDTH - 12, windowSeconds: 4 };
    await stage.control.behaviour({ latency, limits: { tweetsPerAppDay: limit } });
    await waitFor(async () => (await stage.control.record(0, 'posts')).length > 0);
    await waitFor(
      async () => (await stage.control.record(0, 'posts')).some((entry) => entry.status === 429),
      { what: 'the first refusal' },
    );
    await setTimeout(2_000);
    await stage.control.behaviour({ latency, limits: {} });
    await allPosted(stage, campaign);
    const requests = await stage.control.record(0, 'posts');
    // How long after a refusal something still came, until the window that it was told of was over.
    const closed = requests.filter((entry) => entry.status === 429);
    const refusedAt = closed[0]?.at_us ?? 0;
    const late = requests.filter(
      ({ at_us }) => at_us > refusedAt + 500_000 && at_us < refusedAt + 2_000_000,
    );
    expect(late).toEqual([]);
    expect(closed.length).toBeLessThanOrEqual(FIRST_WIDTH);
  }, 90_000);
});
