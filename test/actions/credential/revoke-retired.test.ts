import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { refreshCredential } from '../../../src/actions/credential/refresh-credential.ts';
import { MAX_ATTEMPTS, revokeRetired } from '../../../src/actions/credential/revoke-retired.ts';
import type { Grant } from '../../../src/platforms/platform.ts';
import { hasRevoking, retireCredentials } from '../../../src/store/credential.ts';
import { needs } from '../../support/database.ts';
import { newGate, type Pledged, type Quiet, startQuiet, withRefresh } from './grants.ts';

needs('postgres')('revoking retired credentials', () => {
  let quiet: Quiet;
  beforeAll(async () => {
    quiet = await startQuiet(1_000);
  });

  async function retired(): Promise<Pledged> {
    const pledge = await quiet.pledge();
    await retireCredentials(quiet.ctx.db, pledge.id);
    return pledge;
  }

  /** True while the network still takes either token. */
  async function alive(grant: Grant): Promise<boolean> {
    const response = await fetch(`${quiet.networkUrl}/2/users/me`, {
      headers: { authorization: `Bearer ${grant.accessToken}` },
    });
    return response.ok;
  }

  /** The time of the next try has come. */
  const nextTry = () =>
    sql`update credential set revoke_after = now() where state = 'revoking'`.execute(quiet.ctx.db);

  async function attemptsOf(pledgeId: string): Promise<number | undefined> {
    const row = await quiet.ctx.db
      .selectFrom('credential')
      .select('revoke_attempts')
      .where('pledge_id', '=', pledgeId)
      .executeTakeFirst();
    return row?.revoke_attempts;
  }

  it('ends them at the network, and destroys them here', async () => {
    const pledges = [await retired(), await retired(), await retired()];
    const kept = await quiet.pledge();
    expect(await hasRevoking(quiet.ctx.db)).toBe(true);
    await revokeRetired(quiet.ctx);
    for (const { id, grant } of pledges) {
      expect(await quiet.stored(id)).toBeNull();
      expect(await alive(grant)).toBe(false);
    }
    expect(await quiet.stored(kept.id)).toEqual(kept.grant);
    expect(await alive(kept.grant)).toBe(true);
    expect(await hasRevoking(quiet.ctx.db)).toBe(false);
  });

  it('goes through more than one page, and does each once, however many do it', async () => {
    const pledges: Pledged[] = [];
    for (let i = 0; i < 55; i++) pledges.push(await retired());
    await quiet.control.clearRecord();
    await Promise.all(Array.from({ length: 3 }, () => revokeRetired(quiet.ctx)));
    for (const { id } of pledges) expect(await quiet.stored(id)).toBeNull();
    // The network knows the owner of a token of a living grant only: once a grant, by its refresh token.
    const asked = (await quiet.control.record(0, 'revoke')).flatMap(({ handle }) => handle ?? []);
    for (const { handle } of pledges) {
      expect(asked.filter((name) => name === handle).length, handle).toBeLessThanOrEqual(2);
      expect(asked).toContain(handle);
    }
  });

  it('tries again when the network refuses or does not answer', async () => {
    const { id, grant, handle } = await retired();
    const troubles = ['status500', 'hangBefore', 'status401'] as const;
    for (const [before, fault] of troubles.entries()) {
      await quiet.control.fault(handle, 'revoke', fault);
      await revokeRetired(quiet.ctx);
      expect(await attemptsOf(id), fault).toBe(before + 1);
      expect(await alive(grant)).toBe(true);
      // Not at once.
      await revokeRetired(quiet.ctx);
      expect(await attemptsOf(id), fault).toBe(before + 1);
      await nextTry();
    }
    await revokeRetired(quiet.ctx);
    expect(await quiet.stored(id)).toBeNull();
    expect(await alive(grant)).toBe(false);
  });

  it('destroys what the network will not revoke in the end', async () => {
    const { id, handle } = await retired();
    await quiet.control.fault(handle, 'revoke', 'status500', 20);
    for (let tries = 1; tries < MAX_ATTEMPTS; tries++) {
      await revokeRetired(quiet.ctx);
      expect(await attemptsOf(id)).toBe(tries);
      await nextTry();
    }
    await revokeRetired(quiet.ctx);
    expect(await attemptsOf(id)).toBeUndefined();
    const asked = (await quiet.control.record(0, 'revoke')).filter((e) => e.handle === handle);
    expect(asked).toHaveLength(MAX_ATTEMPTS);
  });

  it('P2 asks less and less often, and for the last time within a day', async () => {
    const { id, handle } = await retired();
    await quiet.control.fault(handle, 'revoke', 'status500', 20);
    const waits: number[] = [];
    for (let tries = 1; tries < MAX_ATTEMPTS; tries++) {
      await revokeRetired(quiet.ctx);
      const { rows } = await sql<{ minutes: number }>`
        select round(extract(epoch from revoke_after - now()) / 60)::float8 as minutes from credential
        where pledge_id = ${id}`.execute(quiet.ctx.db);
      waits.push(rows[0]?.minutes ?? Number.NaN);
      await nextTry();
    }
    expect(waits.slice(0, 4)).toEqual([1, 2, 4, 8]);
    const total = waits.reduce((sum, minutes) => sum + minutes, 0);
    expect(total / 60).toBeGreaterThan(12);
    expect(total / 60).toBeLessThan(24);
    await revokeRetired(quiet.ctx);
    expect(await attemptsOf(id)).toBeUndefined();
  });

  it('destroys in the end what is of a platform that is not connected', async () => {
    const { id } = await retired();
    const unplugged = { ...quiet.ctx, platforms: new Map() };
    for (let tries = 1; tries < MAX_ATTEMPTS; tries++) {
      await revokeRetired(unplugged);
      expect(await attemptsOf(id)).toBe(tries);
      await nextTry();
    }
    await revokeRetired(unplugged);
    expect(await attemptsOf(id)).toBeUndefined();
  });

  it('leaves what one account gave for several pledges until the last of them is over, where it is all one', async () => {
    const { ctx } = quiet;
    const [first, second] = [await quiet.pledge(), await quiet.pledge()];
    await sql`update pledge set account_hash = (select account_hash from pledge where id = ${first.id})
      where id = ${second.id}`.execute(ctx.db);
    const x = ctx.platforms.get('x');
    if (!x) throw new Error('X is not connected');
    const shared = { ...ctx, platforms: new Map([['x', { ...x, sharesGrants: true as const }]]) };
    await retireCredentials(ctx.db, first.id);
    await revokeRetired(shared);
    expect(await quiet.stored(first.id)).toBeNull();
    expect(await alive(first.grant)).toBe(true);
    await retireCredentials(ctx.db, second.id);
    await revokeRetired(shared);
    expect(await quiet.stored(second.id)).toBeNull();
    expect(await alive(second.grant)).toBe(false);
  });

  it('begins nothing once the process is to stop', async () => {
    const { id } = await retired();
    await revokeRetired({ ...quiet.ctx, stopping: AbortSignal.abort() });
    expect(await quiet.stored(id)).not.toBeNull();
    await nextTry();
    await revokeRetired(quiet.ctx);
    expect(await quiet.stored(id)).toBeNull();
  });

  it('waits for a refresh that is under way, so that no pair outlives the pledge', async () => {
    const pledge = await quiet.pledge();
    const asked = newGate();
    const gate = newGate();
    const slow = withRefresh(quiet.ctx, async (ask) => {
      const fresh = await ask();
      asked.open();
      await gate.passed;
      return fresh;
    });
    const refreshing = refreshCredential(slow, pledge.id);
    await asked.passed;
    await retireCredentials(quiet.ctx.db, pledge.id);
    expect(await hasRevoking(quiet.ctx.db)).toBe(false);
    await revokeRetired(quiet.ctx);
    expect(await attemptsOf(pledge.id)).toBe(0);
    gate.open();
    await refreshing;
    const fresh = await quiet.stored(pledge.id);
    if (!fresh) throw new Error('The new pair was not kept');
    expect(await hasRevoking(quiet.ctx.db)).toBe(true);
    await revokeRetired(quiet.ctx);
    expect(await quiet.stored(pledge.id)).toBeNull();
    expect(await alive(fresh)).toBe(false);
  });

  it('does not wait for a refresh that came to nothing', async () => {
    const pledge = await quiet.pledge();
    const withdrawn = withRefresh(quiet.ctx, async (ask) => {
      await retireCredentials(quiet.ctx.db, pledge.id);
      await quiet.control.changeAccount(pledge.handle, { revokeGrants: true });
      return ask();
    });
    expect(await refreshCredential(withdrawn, pledge.id)).toBe('dead');
    await revokeRetired(quiet.ctx);
    expect(await quiet.stored(pledge.id)).toBeNull();
  });
});
