import { expect } from 'vitest';
import { GrantRefused } from '../../../src/platforms/platform.ts';
import type { Bench, Ordered } from '../bench.ts';
import type { Lack } from '../subject.ts';
import { agedGrant } from './join.ts';

/** So long ago did it end, by our own notes. */
const ENDED_MS = 1_000;

export const grantTests = {
  expired: {
    'it takes a refresh, or its owner': async (bench: Bench) => {
      const { person, order } = await bench.newOrder();
      await bench.control.changeAccount(person.id, { expireAccessTokens: true });
      expect(await bench.post(order)).toMatchObject({ kind: 'reconnect' });
      expect(await bench.postsOf(person)).toEqual([]);
      const ended = { ...order.grant, expiresAt: new Date(Date.now() - ENDED_MS) };
      if (order.grant.refreshToken === null) {
        await expect(bench.platform.refresh(ended)).rejects.toThrow(GrantRefused);
        return;
      }
      const grant = await bench.platform.refresh(ended);
      expect(await bench.post({ ...order, grant })).toMatchObject({ kind: 'posted' });
      expect(await bench.postsOf(person)).toHaveLength(1);
    },
  },
  revoked: {
    'its owner has to authorize again': async (bench: Bench) => {
      const ordered = await bench.newOrder();
      const { order, person } = ordered;
      await bench.control.changeAccount(person.id, { revokeGrants: true });
      await isDead(bench, ordered);
      const aged = await agedGrant(bench, order.grant);
      await expect(bench.platform.refresh(aged)).rejects.toThrow(GrantRefused);
    },
  },
  whyDead: {
    'only the grant was taken back: the account is in order': async (bench: Bench) => {
      const { order, person } = await bench.newOrder();
      expect(await bench.platform.whyDead?.(order.grant)).toBeNull();
      await bench.control.changeAccount(person.id, { revokeGrants: true });
      expect(await bench.platform.probe(order.grant)).toMatchObject({ kind: 'dead' });
      expect(await bench.platform.whyDead?.(order.grant)).toBeNull();
    },
  },
  revoke: {
    'it works no more, and giving it back again is no trouble': async (bench: Bench) => {
      const ordered = await bench.newOrder();
      await bench.platform.revoke(ordered.order.grant);
      await isDead(bench, ordered);
      await bench.platform.revoke(ordered.order.grant);
    },
  },
  appProblem: Object.fromEntries(
    (['status402', 'status403Forbidden'] as const).map((fault) => [
      fault,
      async (bench: Bench) => {
        const ordered = await bench.newOrder();
        const outcome = await bench.postWith(fault, ordered);
        expect(outcome).toMatchObject({ kind: 'refused', reason: 'app_problem' });
        expect(await bench.postsOf(ordered.person)).toEqual([]);
        expect(await bench.platform.probe(ordered.order.grant)).toEqual({ kind: 'alive' });
      },
    ]),
  ),
};

/** Of a platform that has nobody to ask about an account. */
export const ASKS_NOBODY: Lack = {
  why: 'its answers say so, or nothing does',
  proof: async ({ platform }) => {
    expect(platform.whyDead).toBeUndefined();
  },
};

async function isDead(bench: Bench, { person, order }: Ordered): Promise<void> {
  const { platform } = bench;
  expect(await platform.probe(order.grant)).toMatchObject({ kind: 'dead' });
  expect(await bench.post(order)).toMatchObject({ kind: 'reconnect' });
  await expect(platform.whoAmI(order.grant)).rejects.toThrow(GrantRefused);
  expect(await bench.postsOf(person)).toEqual([]);
}
