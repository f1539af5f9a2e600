import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeEach, expect, it } from 'vitest';
import { newCredential } from '../../../src/actions/credential/credential-access.ts';
import { preflightCampaign } from '../../../src/actions/credential/preflight-campaign.ts';
import { refreshCredential } from '../../../src/actions/credential/refresh-credential.ts';
import {
  type CampaignReadiness,
  showDelivery,
} from '../../../src/actions/delivery/show-delivery.ts';
import { checkReadiness } from '../../../src/actions/health/check-readiness.ts';
import type { Context } from '../../../src/context.ts';
import { replaceCredential } from '../../../src/store/credential.ts';
import { hasUnchecked } from '../../../src/store/credential-check.ts';
import { obtainGrant } from '../../platforms/x/support.ts';
import { needs } from '../../support/database.ts';
import { insertCampaignRow, insertPledges } from '../../support/rows.ts';
import { waitFor } from '../../support/wait-for.ts';
import { newGate, type Quiet, startQuiet, withRefresh } from './grants.ts';

const MINUTE = 60_000;
/** More than a handful, and all that may be under way when the handful has been seen. */
const HANDFUL_AND_FLIGHT = 5 + 8;

interface Crowd {
  campaignId: string;
  people: { pledgeId: string; handle: string }[];
}

needs('postgres')('preflight', () => {
  let quiet: Quiet;
  let ctx: Context;
  beforeEach(async () => {
    quiet = await startQuiet(1_000);
    ctx = quiet.ctx;
  });

  /** A campaign under preflight with so many people, none of whom has been looked at. */
  async function crowd(count: number, momentInMs = 60 * MINUTE): Promise<Crowd> {
    const campaignId = await insertCampaignRow(ctx, { state: 'open', momentMs: momentInMs });
    await sql`update campaign set preflight_at = moment - interval '100 minutes',
      lock_at = moment - interval '2 minutes', arm_at = moment - interval '1 minute'
      where id = ${campaignId}`.execute(ctx.db);
    await ctx.vault.createCampaignKeys(ctx.db, campaignId);
    const ids = await insertPledges(ctx, campaignId, count, { credential: null });
    const x = ctx.platforms.get('x');
    if (!x) throw new Error('X is not connected');
    const people: Crowd['people'] = [];
    for (const id of ids) {
      const handle = `c${randomUUID().slice(0, 8)}`;
      const grant = await obtainGrant(x, handle);
      const pledge = { id, campaignId, platform: 'x' };
      await replaceCredential(ctx.db, await newCredential(ctx, pledge, grant, null));
      people.push({ pledgeId: id, handle });
    }
    await quiet.control.clearRecord();
    return { campaignId, people };
  }

  async function readiness(campaignId: string): Promise<CampaignReadiness> {
    const { slug } = await ctx.db
      .selectFrom('campaign')
      .select('slug')
      .where('id', '=', campaignId)
      .executeTakeFirstOrThrow();
    const shown = (await showDelivery(ctx, { slug })).readiness;
    if (!shown) throw new Error('There is no readiness');
    return shown;
  }

  const asked = async (path: 'me' | 'token') => quiet.control.record(0, path);

  /** What the sweep asks every second, in the first round. */
  const isDue = (campaignId: string) => {
    const since = new Date(Date.now() - 40 * MINUTE);
    return hasUnchecked(ctx.db, { campaignId, platforms: ['x'], since });
  };

  it('tries what outlives the moment, refreshes what does not, and looks at nobody twice in a round', async () => {
    await quiet.control.behaviour({ tokenLifeSeconds: 60 });
    const ending = await crowd(3);
    await quiet.control.behaviour({});
    const lasting = await crowd(3);
    for (const { campaignId } of [ending, lasting]) {
      expect(await readiness(campaignId)).toMatchObject({ pledges: 3, ready: 0, unchecked: 3 });
      await preflightCampaign(ctx, { campaignId });
      expect(await readiness(campaignId)).toMatchObject({
        pledges: 3,
        ready: 3,
        dead: 0,
        barred: 0,
        unchecked: 0,
        app: [{ platform: 'x', ok: true }],
      });
    }
    const refreshed = (await asked('token')).map((entry) => entry.handle).sort();
    expect(refreshed).toEqual(ending.people.map(({ handle }) => handle).sort());
    // Those that last, and one of the others for the app's sake.
    expect(await asked('me')).toHaveLength(4);
    await preflightCampaign(ctx, { campaignId: ending.campaignId });
    await preflightCampaign(ctx, { campaignId: lasting.campaignId });
    expect(await asked('me')).toHaveLength(4);
    expect(await asked('token')).toHaveLength(3);
  });

  it('looks at everybody again ten minutes before the moment', async () => {
    const { campaignId } = await crowd(2, 5 * MINUTE);
    await preflightCampaign(ctx, { campaignId });
    expect(await asked('me')).toHaveLength(2);
    await sql`update credential set checked_at = now() - interval '6 minutes'`.execute(ctx.db);
    expect((await readiness(campaignId)).ready).toBe(2);
    await preflightCampaign(ctx, { campaignId });
    expect(await asked('me')).toHaveLength(4);
  });

  it('refreshes a grant whose access token has gone stale, and marks dead only what that does not help', async () => {
    const { campaignId, people } = await crowd(3);
    const [stale, revoked] = people;
    expect(await isDue(campaignId)).toBe(true);
    await quiet.control.changeAccount(stale?.handle ?? '', { expireAccessTokens: true });
    await quiet.control.changeAccount(revoked?.handle ?? '', { revokeGrants: true });
    await preflightCampaign(ctx, { campaignId });
    expect(await readiness(campaignId)).toMatchObject({ ready: 2, dead: 1, unchecked: 0 });
    const { rows } = await sql<{ pledge_id: string }>`
      select pledge_id from credential where state = 'dead'`.execute(ctx.db);
    expect(rows.map((row) => row.pledge_id)).toEqual([revoked?.pledgeId]);
    expect(await asked('token')).toHaveLength(2);
    expect(await isDue(campaignId)).toBe(false);
  });

  it('B5 finds a grant that is too little to post with, and asks nobody about it', async () => {
    const { campaignId, people } = await crowd(1);
    const x = ctx.platforms.get('x');
    if (!x) throw new Error('X is not connected');
    const whole = await obtainGrant(x, 'little');
    const grant = { ...whole, scope: 'tweet.read users.read offline.access' };
    const pledge = { id: people[0]?.pledgeId ?? '', campaignId, platform: 'x' };
    await replaceCredential(ctx.db, await newCredential(ctx, pledge, grant, null));
    await quiet.control.clearRecord();
    await preflightCampaign(ctx, { campaignId });
    expect(await readiness(campaignId)).toMatchObject({ ready: 0, dead: 1, unchecked: 0 });
    expect(await asked('me')).toEqual([]);
    expect(await asked('token')).toEqual([]);
  });

  it('B5 says what keeps an account from posting, counts it as not ready, and asks no more for minutes', async () => {
    const { campaignId, people } = await crowd(3);
    const [suspended, locked] = people;
    await quiet.control.changeAccount(suspended?.handle ?? '', { suspended: true });
    await quiet.control.changeAccount(locked?.handle ?? '', { locked: true });
    const troubleOf = async (pledgeId = '') =>
      ctx.db
        .selectFrom('credential')
        .select(['state', 'dead_reason'])
        .where('pledge_id', '=', pledgeId)
        .executeTakeFirstOrThrow();
    await preflightCampaign(ctx, { campaignId });
    const counts = { pledges: 3, ready: 1, dead: 1, barred: 1, unchecked: 0 };
    expect(await readiness(campaignId)).toMatchObject(counts);
    expect(await troubleOf(suspended?.pledgeId)).toEqual({
      state: 'dead',
      dead_reason: 'account_suspended',
    });
    expect(await troubleOf(locked?.pledgeId)).toEqual({
      state: 'live',
      dead_reason: 'account_locked',
    });
    expect(await asked('me')).toHaveLength(3);
    // Refreshing would mend nothing.
    expect(await asked('token')).toEqual([]);
    expect(await isDue(campaignId)).toBe(false);
    await preflightCampaign(ctx, { campaignId });
    expect(await asked('me')).toHaveLength(3);

    await quiet.control.changeAccount(locked?.handle ?? '', { locked: false });
    await sql`update credential set check_after = now()`.execute(ctx.db);
    await preflightCampaign(ctx, { campaignId });
    expect(await readiness(campaignId)).toMatchObject({ ready: 2, dead: 1, barred: 0 });
    expect((await troubleOf(locked?.pledgeId)).dead_reason).toBeNull();
  });

  it('B5 asks of a barred account again after its grant is refreshed', async () => {
    await quiet.control.behaviour({ tokenLifeSeconds: 60 });
    const { campaignId, people } = await crowd(2);
    const locked = people[0]?.handle ?? '';
    await sql`update credential set dead_reason = 'account_locked'
      where pledge_id = ${people[0]?.pledgeId}`.execute(ctx.db);
    await quiet.control.changeAccount(locked, { locked: true });
    await preflightCampaign(ctx, { campaignId });
    expect(await readiness(campaignId)).toMatchObject({ ready: 1, barred: 1, unchecked: 0 });
    await quiet.control.changeAccount(locked, { locked: false });
    await sql`update credential set check_after = now()`.execute(ctx.db);
    await preflightCampaign(ctx, { campaignId });
    expect(await readiness(campaignId)).toMatchObject({ ready: 2, barred: 0 });
  });

  it('refreshes once, however many workers are at it', async () => {
    await quiet.control.behaviour({ tokenLifeSeconds: 60 });
    const { campaignId, people } = await crowd(6);
    await quiet.control.behaviour({ latency: { kind: 'fixed', medianMs: 50 } });
    await Promise.all(Array.from({ length: 20 }, () => preflightCampaign(ctx, { campaignId })));
    const refreshed = (await asked('token')).map((entry) => entry.handle).sort();
    expect(refreshed).toEqual(people.map(({ handle }) => handle).sort());
    expect((await readiness(campaignId)).ready).toBe(6);
  });

  it('never refreshes two grants of one account at a time', async () => {
    const [one, other] = [await crowd(1), await crowd(1)];
    const ids = [one, other].map(({ people }) => people[0]?.pledgeId ?? '');
    await sql`update pledge set account_hash = 'the same account'`.execute(ctx.db);
    const gate = newGate();
    let under = 0;
    const slow = withRefresh(ctx, async (ask) => {
      under += 1;
      await gate.passed;
      return ask();
    });
    const first = refreshCredential(slow, ids[0] ?? '');
    await waitFor(() => under === 1, { what: 'the first to be under way' });
    expect(await refreshCredential(ctx, ids[1] ?? '')).toBe('busy');
    gate.open();
    expect(await first).toBe('refreshed');
    expect(await refreshCredential(ctx, ids[1] ?? '')).toBe('refreshed');
    expect(await asked('token')).toHaveLength(2);
  });

  const findings = async () =>
    (await checkReadiness(ctx)).findings.filter(({ check }) => check === 'platforms');
  /** What doctor and desk say of the platforms, which is read once a second. */
  async function troubles(what: string) {
    await waitFor(async () => (await findings()).length > 0, { what });
    return findings();
  }

  it('says so when the platform does not take the app, asks no more, and marks nobody dead', async () => {
    const { campaignId, people } = await crowd(30);
    await quiet.control.behaviour({ pathErrorRates: { me: { status402: 1 } } });
    await preflightCampaign(ctx, { campaignId });
    const seen = await readiness(campaignId);
    expect(seen).toMatchObject({ ready: 0, dead: 0, unchecked: 30, app: [{ ok: false }] });
    expect(seen.app[0]?.detail).toContain('402');
    expect(JSON.stringify(seen.app)).not.toContain(people[0]?.handle);
    expect(await troubles('to be told of the app')).toEqual([
      expect.objectContaining({ level: 'warning', about: [expect.stringMatching(/^x: 402/)] }),
    ]);
    const requests = (await asked('me')).length;
    expect(requests).toBeLessThanOrEqual(HANDFUL_AND_FLIGHT);
    await preflightCampaign(ctx, { campaignId });
    expect(await asked('me')).toHaveLength(requests);
    expect(await isDue(campaignId)).toBe(false);

    await quiet.control.behaviour({});
    await sql`update preflight_turn set quiet_until = now()`.execute(ctx.db);
    await sql`update credential set check_after = now()`.execute(ctx.db);
    await preflightCampaign(ctx, { campaignId });
    expect(await readiness(campaignId)).toMatchObject({ ready: 30, app: [{ ok: true }] });
    await waitFor(async () => (await findings()).length === 0, { what: 'the warning to end' });
  });

  it('leaves a platform alone until the time it names', async () => {
    const { campaignId } = await crowd(12);
    await quiet.control.behaviour({
      pathErrorRates: { me: { status429User: 1 } },
      forcedResetSeconds: 3,
    });
    await preflightCampaign(ctx, { campaignId });
    const closedFrom = Date.now();
    const turn = await ctx.db
      .selectFrom('preflight_turn')
      .selectAll()
      .where('platform', '=', 'x')
      .executeTakeFirstOrThrow();
    const closedUntil = turn.quiet_until?.getTime() ?? 0;
    expect(closedUntil).toBeGreaterThan(closedFrom + 500);
    expect((await asked('me')).length).toBeLessThanOrEqual(8);
    await quiet.control.behaviour({});
    await waitFor(
      async () => {
        await preflightCampaign(ctx, { campaignId });
        return (await readiness(campaignId)).ready === 12;
      },
      { what: 'everybody to be looked at when the window has opened' },
    );
    const arrivals = (await asked('me')).map((entry) => entry.at_us / 1_000);
    expect(arrivals.filter((at) => at > closedFrom && at < closedUntil)).toEqual([]);
    expect(arrivals.filter((at) => at >= closedUntil).length).toBeGreaterThanOrEqual(12);
  });

  it('comes back to what gave no answer, later each time', async () => {
    const { campaignId, people } = await crowd(3);
    const silent = people[0]?.handle ?? '';
    await quiet.control.fault(silent, 'me', 'hangBefore', 2);
    const row = () =>
      ctx.db
        .selectFrom('credential')
        .select(['state', 'check_failures', 'check_after', 'checked_at'])
        .where('pledge_id', '=', people[0]?.pledgeId ?? '')
        .executeTakeFirstOrThrow();
    await preflightCampaign(ctx, { campaignId });
    expect(await readiness(campaignId)).toMatchObject({ ready: 2, dead: 0, unchecked: 1 });
    const once = await row();
    expect(once).toMatchObject({ state: 'live', check_failures: 1, checked_at: null });
    expect(once.check_after?.getTime()).toBeGreaterThan(0);
    await waitFor(
      async () => {
        await preflightCampaign(ctx, { campaignId });
        return (await readiness(campaignId)).ready === 3;
      },
      { timeoutMs: 30_000, everyMs: 100, what: 'the silent one to be looked at' },
    );
    expect(await row()).toMatchObject({ check_failures: 0, check_after: null });
    const tries = (await asked('me')).filter((entry) => entry.handle === silent);
    expect(tries).toHaveLength(3);
  });

  it('stops asking a platform that answers nobody', async () => {
    const { campaignId } = await crowd(20);
    await quiet.control.behaviour({ pathErrorRates: { me: { status500: 1 } } });
    await preflightCampaign(ctx, { campaignId });
    const requests = (await asked('me')).length;
    expect(requests).toBeLessThanOrEqual(HANDFUL_AND_FLIGHT);
    await preflightCampaign(ctx, { campaignId });
    expect(await asked('me')).toHaveLength(requests);
    expect(await readiness(campaignId)).toMatchObject({ dead: 0, app: [{ ok: false }] });
  });

  it('takes over from a worker that died at it', async () => {
    const { campaignId } = await crowd(2);
    await sql`insert into preflight_turn (platform, holder, held_until)
      values ('x', 'a dead worker', now() + interval '1 minute')`.execute(ctx.db);
    await preflightCampaign(ctx, { campaignId });
    expect(await asked('me')).toEqual([]);
    await sql`update preflight_turn set held_until = now() - interval '1 second'`.execute(ctx.db);
    await preflightCampaign(ctx, { campaignId });
    expect((await readiness(campaignId)).ready).toBe(2);
  });
});
