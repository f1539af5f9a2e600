import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { openGrant } from '../../../src/actions/credential/credential-access.ts';
import { refreshCredential } from '../../../src/actions/credential/refresh-credential.ts';
import { findLiveCredentials, retireCredentials } from '../../../src/store/credential.ts';
import { needs } from '../../support/database.ts';
import { waitFor } from '../../support/wait-for.ts';
import { newGate, type Quiet, startQuiet, withRefresh } from './grants.ts';

needs('postgres')('refreshing a credential', () => {
  let quiet: Quiet;
  beforeAll(async () => {
    quiet = await startQuiet(1_000);
  });

  /** How often this account's refresh token was used, by the network's own record; the first call exchanged the code. */
  async function refreshes(handle: string): Promise<number> {
    const record = await quiet.control.record(0, 'token');
    return record.filter((entry) => entry.handle === handle).length - 1;
  }

  async function credentialOf(pledgeId: string) {
    return quiet.ctx.db
      .selectFrom('credential')
      .select(['state', 'expires_at', 'refreshing_until'])
      .where('pledge_id', '=', pledgeId)
      .executeTakeFirst();
  }

  it('asks the network once, however many want it at once, and keeps the new pair', async () => {
    const { ctx } = quiet;
    const pledge = await quiet.pledge();
    const gate = newGate();
    const slow = withRefresh(ctx, async (ask) => {
      await gate.passed;
      return ask();
    });
    const results: string[] = [];
    const asked = Array.from({ length: 20 }, async () => {
      results.push(await refreshCredential(slow, pledge.id));
    });
    await waitFor(() => results.length === 19, { what: 'all but one to find it taken' });
    gate.open();
    await Promise.all(asked);
    expect(results).toEqual([...Array.from({ length: 19 }, () => 'busy'), 'refreshed']);
    expect(await refreshes(pledge.handle)).toBe(1);
    const stored = await quiet.stored(pledge.id);
    expect(stored?.accessToken).not.toBe(pledge.grant.accessToken);
    expect(stored?.refreshToken).not.toBe(pledge.grant.refreshToken);
    if (!stored) throw new Error('There is no grant');
    expect(await ctx.platforms.get('x')?.whoAmI(stored)).toMatchObject({ handle: pledge.handle });
    const row = await credentialOf(pledge.id);
    expect(row).toMatchObject({ state: 'live', refreshing_until: null });
    expect(row?.expires_at).toEqual(stored.expiresAt);
    // The lock is free again, and the pair that was kept is the one that works.
    expect(await refreshCredential(ctx, pledge.id)).toBe('refreshed');
    expect(await refreshes(pledge.handle)).toBe(2);
  });

  it('S5 opens no pair from before a refresh that was put back in the place of the new one', async () => {
    const { ctx } = quiet;
    const pledge = await quiet.pledge();
    const [before] = await findLiveCredentials(ctx.db, [pledge.id]);
    expect(await refreshCredential(ctx, pledge.id)).toBe('refreshed');
    const [after] = await findLiveCredentials(ctx.db, [pledge.id]);
    if (!before || !after) throw new Error('There is no credential');
    const { sealed } = before;
    await expect(openGrant(ctx, { ...after, sealed })).rejects.toThrow(/cannot be opened/);
    expect((await openGrant(ctx, after)).accessToken).not.toBe(pledge.grant.accessToken);
  });

  it('marks a grant dead that the network does not take any more', async () => {
    const pledge = await quiet.pledge();
    await quiet.control.changeAccount(pledge.handle, { revokeGrants: true });
    expect(await refreshCredential(quiet.ctx, pledge.id)).toBe('dead');
    expect(await credentialOf(pledge.id)).toMatchObject({ state: 'dead', refreshing_until: null });
    expect(await refreshCredential(quiet.ctx, pledge.id)).toBe('busy');
    expect(await refreshes(pledge.handle)).toBe(1);
  });

  it('lets go when the network does not answer, and can be tried again', async () => {
    const pledge = await quiet.pledge();
    for (const fault of ['hangBefore', 'status500', 'status429User'] as const) {
      await quiet.control.fault(pledge.handle, 'token', fault);
      expect(await refreshCredential(quiet.ctx, pledge.id), fault).toBe('failed');
      const row = await credentialOf(pledge.id);
      expect(row).toMatchObject({ state: 'live', refreshing_until: null });
    }
    expect(await quiet.stored(pledge.id)).toEqual(pledge.grant);
    expect(await refreshCredential(quiet.ctx, pledge.id)).toBe('refreshed');
  });

  it('finds out what a lost answer has cost, and stops asking', async () => {
    const pledge = await quiet.pledge();
    await quiet.control.fault(pledge.handle, 'token', 'hangAfterAccept');
    expect(await refreshCredential(quiet.ctx, pledge.id)).toBe('failed');
    expect(await refreshCredential(quiet.ctx, pledge.id)).toBe('dead');
  });

  it('takes over from somebody who died at it', async () => {
    const pledge = await quiet.pledge();
    const hold = (until: string) =>
      sql`update credential set refreshing_until = now() + ${until}::interval
        where pledge_id = ${pledge.id}`.execute(quiet.ctx.db);
    await hold('1 minute');
    expect(await refreshCredential(quiet.ctx, pledge.id)).toBe('busy');
    await hold('-1 second');
    expect(await refreshCredential(quiet.ctx, pledge.id)).toBe('refreshed');
  });

  it('has nothing to do where there is no credential, or it is to be revoked', async () => {
    expect(await refreshCredential(quiet.ctx, randomUUID())).toBe('busy');
    const pledge = await quiet.pledge();
    await retireCredentials(quiet.ctx.db, pledge.id);
    expect(await refreshCredential(quiet.ctx, pledge.id)).toBe('busy');
    expect(await refreshes(pledge.handle)).toBe(0);
  });

  it('fails in peace while the platform is not connected', async () => {
    const pledge = await quiet.pledge();
    const unplugged = { ...quiet.ctx, platforms: new Map() };
    expect(await refreshCredential(unplugged, pledge.id)).toBe('failed');
    expect(await credentialOf(pledge.id)).toMatchObject({ state: 'live', refreshing_until: null });
  });

  it('keeps the pair that came back after the pledge was withdrawn, for the revoker', async () => {
    const pledge = await quiet.pledge();
    const withdrawing = withRefresh(quiet.ctx, async (ask) => {
      const fresh = await ask();
      await retireCredentials(quiet.ctx.db, pledge.id);
      return fresh;
    });
    expect(await refreshCredential(withdrawing, pledge.id)).toBe('refreshed');
    expect(await credentialOf(pledge.id)).toMatchObject({ state: 'revoking' });
    expect((await quiet.stored(pledge.id))?.refreshToken).not.toBe(pledge.grant.refreshToken);
  });
});
