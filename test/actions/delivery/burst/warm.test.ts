import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { Outcome } from '../../../../src/domain/outcome.ts';
import { armedShard } from '../../../support/armed.ts';
import { type BurstStage, type Send, startBurstStage } from '../../../support/burst-stage.ts';
import { needs } from '../../../support/database.ts';
import { statesOf } from '../../../support/rows.ts';
import { waitFor } from '../../../support/wait-for.ts';

const POSTED: Outcome = { kind: 'posted', id: '1', url: null };

needs('postgres')('the connections of a burst', () => {
  let whole: BurstStage;
  let stage: BurstStage;
  let warmed: { host: string; count: number; aheadMs: number }[];
  let sentMs: number[];
  beforeAll(async () => {
    whole = await startBurstStage();
  });
  beforeEach(async () => {
    await sql`delete from hold`.execute(whole.ctx.db);
    stage = await whole.anew();
    warmed = [];
    sentMs = [];
  });

  /** Plays a burst of so many posts, `inMs` after they are armed, to a platform whose handshake says that it answers in `answerMs`. */
  async function play(
    count: number,
    { inMs, answerMs, shakeMs = 0 }: { inMs: number; answerMs: number; shakeMs?: number },
  ): Promise<Record<string, number>> {
    const armed = await armedShard(stage.ctx, count, { momentMs: 3_600_000 });
    const { moment } = await stage.ctx.db
      .updateTable('campaign')
      .set({ moment: new Date(stage.ctx.clock.now() + inMs) })
      .where('id', '=', armed.campaignId)
      .returning('moment')
      .executeTakeFirstOrThrow();
    const burst = stage.burst(moment.getTime(), {
      openConnections: async (host, many) => {
        warmed.push({ host, count: many, aheadMs: moment.getTime() - stage.ctx.clock.now() });
        await sleep(shakeMs);
        return answerMs;
      },
    });
    const send: Send = async () => {
      sentMs.push(stage.ctx.clock.now() - moment.getTime());
      return POSTED;
    };
    await burst.join(await stage.shard(armed, send));
    return statesOf(stage.ctx.db, armed.campaignId);
  }

  it('are opened shortly before the moment, some to learn from and then as many as that asks for', async () => {
    expect(await play(300, { inMs: 6_000, answerMs: 20 })).toEqual({ posted: 300 });
    expect(warmed.map(({ count }) => count)).toEqual([64, 200]);
    const [first] = warmed;
    expect(first?.host).toBe('api.x.example');
    expect(first?.aheadMs).toBeLessThanOrEqual(3_000);
    expect(first?.aheadMs).toBeGreaterThan(1_000);
  });

  it('are no more than there are posts', async () => {
    expect(await play(100, { inMs: 2_500, answerMs: 20 })).toEqual({ posted: 100 });
    expect(warmed.map(({ count }) => count)).toEqual([64, 100]);
    warmed = [];
    expect(await play(10, { inMs: 800, answerMs: 20 })).toEqual({ posted: 10 });
    expect(warmed.map(({ count }) => count)).toEqual([10]);
  });

  it('are left at the first ones for a platform that answers at once', async () => {
    expect(await play(100, { inMs: 800, answerMs: 1 })).toEqual({ posted: 100 });
    expect(warmed.map(({ count }) => count)).toEqual([64]);
  });

  it('are not waited for when the moment comes', async () => {
    expect(await play(100, { inMs: 500, answerMs: 20, shakeMs: 4_000 })).toEqual({ posted: 100 });
    expect(Math.min(...sentMs)).toBeLessThan(3_000);
    // Too late for more of them.
    await sleep(4_000);
    expect(warmed.map(({ count }) => count)).toEqual([64]);
  });

  it.each([
    [256, 32, 64],
    [16, 16, 16],
  ])(
    'carry few posts at a time before the platform has taken one, and then more: at most %i, so %i and %i',
    async (connections, unproven, proven) => {
      const armed = await armedShard(stage.ctx, 200);
      const waiting: ((outcome: Outcome) => void)[] = [];
      let asked = 0;
      const send: Send = () => {
        asked++;
        return new Promise((resolve) => waiting.push(resolve));
      };
      const joined = stage.burst(Date.now(), { connections }).join(await stage.shard(armed, send));
      await waitFor(async () => asked >= unproven, { what: 'the first posts' });
      await sleep(100);
      expect(asked).toBe(unproven);
      // An answer that proves nothing frees its place, and no more.
      waiting.shift()?.({ kind: 'refused', reason: 'account_locked', detail: '' });
      await sleep(100);
      expect(asked).toBe(unproven + 1);
      waiting.shift()?.(POSTED);
      await waitFor(async () => asked >= proven + 2, { what: 'the others' });
      expect(asked).toBeLessThanOrEqual(proven + 2 + 64);
      for (let one = waiting.shift(); asked < 200 || one; one = waiting.shift()) {
        one?.(POSTED);
        if (!one) await sleep(5);
      }
      await joined;
      expect(await statesOf(stage.ctx.db, armed.campaignId)).toEqual({ posted: 199, refused: 1 });
    },
  );

  it('become more for a platform that takes longer than its handshake did', async () => {
    const armed = await armedShard(stage.ctx, 1_500);
    let underWay = 0;
    let most = 0;
    const send: Send = async () => {
      underWay++;
      most = Math.max(most, underWay);
      await sleep(120);
      underWay--;
      return POSTED;
    };
    const burst = stage.burst(Date.now(), { connections: 512 });
    await burst.join(await stage.shard(armed, send));
    expect(most).toBeGreaterThan(64);
    expect(most).toBeLessThanOrEqual(512);
    expect(await statesOf(stage.ctx.db, armed.campaignId)).toEqual({ posted: 1_500 });
  });
});
