import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { Burst } from '../../../../src/actions/delivery/burst/burst.ts';
import type { BurstShard } from '../../../../src/actions/delivery/burst/burst-entry.ts';
import { getBurst } from '../../../../src/actions/delivery/burst/bursts.ts';
import type { Context } from '../../../../src/context.ts';
import type { Platform, WarmUp } from '../../../../src/platforms/platform.ts';
import { armedShard } from '../../../support/armed.ts';
import { type BurstStage, startBurstStage } from '../../../support/burst-stage.ts';
import { needs } from '../../../support/database.ts';
import { statesOf } from '../../../support/rows.ts';
import { waitFor } from '../../../support/wait-for.ts';

needs('postgres')('the bursts of a process', () => {
  let whole: BurstStage;
  let stage: BurstStage;
  let ctx: Context;
  let rehearsals: number;
  let warned: unknown[][];
  beforeAll(async () => {
    whole = await startBurstStage();
  });
  beforeEach(async () => {
    warned = [];
    const warn = (...words: unknown[]): void => void warned.push(words);
    stage = await whole.anew({ log: Object.assign(Object.create(whole.ctx.log), { warn }) });
    ctx = stage.ctx;
    rehearsals = 0;
  });

  const NOWHERE = { openConnections: async () => 1 };
  const COUNTED = {
    startWarmUp: async (): Promise<WarmUp> => {
      rehearsals++;
      throw new Error('there is no room for it');
    },
  };
  function platform(change: Partial<Platform> = {}, name: 'x' | 'mastodon' = 'x'): Platform {
    const known = ctx.platforms.get(name);
    if (!known) throw new Error(`There is no platform ${name}`);
    return { ...known, ...NOWHERE, ...COUNTED, ...change };
  }

  async function shard(count = 1, momentMs = 0): Promise<BurstShard> {
    const armed = await armedShard(ctx, count, { momentMs });
    return stage.shard(armed, async () => ({ kind: 'posted', id: '1', url: null }));
  }

  function at(one: BurstShard, momentMs: number, to = platform()): Burst {
    return getBurst(ctx, to, one, momentMs);
  }

  it('are one for all that goes to the same place at the same instant', async () => {
    const [one, other] = [await shard(), await shard()];
    const soon = ctx.clock.now() + 1_000;
    expect(at(other, soon)).toBe(at(one, soon));
    expect(at(one, soon + 1)).not.toBe(at(one, soon));
    const elsewhere = { ...one, host: 'other.example' };
    expect(at(elsewhere, soon)).not.toBe(at(one, soon));
    const ofAnotherServer = { ...one, leased: { ...one.leased, host: 'b.example' } };
    expect(at(ofAnotherServer, soon)).not.toBe(at(one, soon));
    expect(at(one, soon, platform({}, 'mastodon'))).not.toBe(at(one, soon));
  });

  it('are forgotten once they are over, and not before', async () => {
    const [first, second] = [await shard(3), await shard(2, 800)];
    const moment = ctx.clock.now() + 800;
    const burst = at(first, moment);
    const joined = [burst.join(first), at(second, moment).join(second)];
    await sleep(100);
    expect(at(first, moment)).toBe(burst);
    await Promise.all(joined);
    expect(at(first, moment)).not.toBe(burst);
    expect(await statesOf(ctx.db, first.campaign.id)).toEqual({ posted: 3 });
    expect(await statesOf(ctx.db, second.campaign.id)).toEqual({ posted: 2 });
  });

  it('rehearse once for each platform, while there is time, and a rehearsal that fails is no harm', async () => {
    const one = await shard();
    const now = ctx.clock.now();
    at(one, now + 5_000);
    await sleep(20);
    expect(rehearsals).toBe(0);
    at(one, now + 20_000);
    at(one, now + 30_000);
    await waitFor(async () => rehearsals > 0);
    await sleep(20);
    expect(warned).toEqual([[{ error: 'there is no room for it' }, 'not rehearsed']]);
    expect(rehearsals).toBe(1);
    at(one, now + 20_000, platform({}, 'mastodon'));
    await waitFor(async () => rehearsals > 1);
    expect(rehearsals).toBe(2);
  });
});
