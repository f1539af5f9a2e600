import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { DELIVERY_ARROWS, type DeliveryState } from '../../src/domain/delivery.ts';
import type { Db } from '../../src/store/database.ts';
import {
  armShard,
  claimDoubtful,
  disarm,
  dropLate,
  markSending,
  postponeArmed,
  refuseArmed,
  type Settlement,
  settle,
  unmark,
  withdrawDelivery,
} from '../../src/store/delivery.ts';
import { createDeliveries, gatherDue, leaseShard, type ShardLease } from '../../src/store/shard.ts';
import { HOSTS } from '../support/armed.ts';
import { needs } from '../support/database.ts';
import { insertCampaignRow, insertPledges, observeStates, openRecords } from '../support/rows.ts';

/** One thing that somebody does. Holders stay what they are for ever, so that stale ones act again and again. */
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      act: fc.constant('lease' as const),
      shard: fc.nat(9),
      arm: fc.boolean(),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      act: fc.constantFrom(...(['arm', 'mark', 'unmark', 'disarm', 'refuse', 'postpone'] as const)),
      holder: fc.nat(9),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant('settle' as const),
      holder: fc.nat(9),
      to: fc.constantFrom(...DELIVERY_ARROWS.sending, 'unconfirmed' as const),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant('reconcile' as const),
      to: fc.constantFrom(...DELIVERY_ARROWS.unconfirmed, 'unconfirmed' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('gather' as const) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('withdraw' as const), pledge: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('drop' as const) }) },
);
type Step =
  | { act: 'lease'; shard: number; arm: boolean }
  | { act: 'arm' | 'mark' | 'unmark' | 'disarm' | 'refuse' | 'postpone'; holder: number }
  | { act: 'settle'; holder: number; to: DeliveryState }
  | { act: 'reconcile'; to: DeliveryState }
  | { act: 'gather' }
  | { act: 'withdraw'; pledge: number }
  | { act: 'drop' };

const take: Step = { act: 'lease', shard: 0, arm: true };
const mine = (act: 'mark' | 'unmark' | 'disarm' | 'refuse' | 'postpone'): Step => ({
  act,
  holder: 0,
});
const ends = (to: DeliveryState): Step => ({ act: 'settle', holder: 0, to });
const looked = (to: DeliveryState): Step => ({ act: 'reconcile', to });

/** The play is worth its name only if it goes the ways there are: these do, and chance does the rest. */
const WALKS: [Step[]][] = [
  [[take, mine('mark'), ends('unconfirmed'), looked('armed'), { act: 'gather' }, take]],
  [[take, mine('mark'), take, looked('posted')]],
  [[take, mine('disarm'), take, mine('mark'), mine('unmark'), mine('refuse')]],
  [[take, mine('postpone'), { act: 'gather' }, take, mine('mark'), ends('posted')]],
];
const WALKED = [
  'pending -> armed',
  'armed -> sending',
  'armed -> pending',
  'armed -> waiting',
  'armed -> refused',
  'waiting -> armed',
  'sending -> armed',
  'sending -> posted',
  'sending -> unconfirmed',
  'unconfirmed -> posted',
  'unconfirmed -> armed',
];

/** What a campaign's deliveries go through when anybody does anything in any order. */
class Play {
  readonly #db: Db;
  readonly #campaignId: string;
  readonly #pledges: readonly string[];
  readonly #holders: { held: ShardLease; ids: string[]; marked: string[] }[] = [];

  constructor(db: Db, campaignId: string, pledges: readonly string[]) {
    this.#db = db;
    this.#campaignId = campaignId;
    this.#pledges = pledges;
  }

  async take(step: Step): Promise<void> {
    const db = this.#db;
    switch (step.act) {
      case 'lease':
        return this.#lease(step.shard, step.arm);
      case 'gather':
        await gatherDue(db, { campaignId: this.#campaignId, size: 2, hosts: HOSTS });
        return;
      case 'withdraw':
        await withdrawDelivery(db, this.#pledges[step.pledge % this.#pledges.length] ?? '');
        return;
      case 'drop':
        await sql`update campaign set too_late_at = now() where id = ${this.#campaignId}`.execute(
          db,
        );
        await dropLate(db);
        await sql`update campaign set too_late_at = now() + interval '1 hour'
          where id = ${this.#campaignId}`.execute(db);
        return;
      case 'reconcile': {
        const claimed = await claimDoubtful(db, this.#campaignId, 2, 0);
        const batch = claimed.map(({ id }) => settlement(id, step.to));
        return settle(db, 'reconcile', this.#campaignId, 'reconcile', batch);
      }
      default:
        return this.#hold(step);
    }
  }

  async #lease(nth: number, arm: boolean): Promise<void> {
    const { rows } = await sql<{ id: string }>`
      select distinct shard_id as id from delivery
      where campaign_id = ${this.#campaignId} and shard_id is not null
        and state in ('pending', 'armed', 'waiting', 'sending') order by 1`.execute(this.#db);
    const id = rows[nth % Math.max(1, rows.length)]?.id;
    // A hold that is over at once: the next who asks has it, and this one acts on.
    const held = id ? await leaseShard(this.#db, id, 'w', -1) : null;
    if (!held) return;
    this.#holders.push({ held, ids: [], marked: [] });
    if (arm) await this.#hold({ act: 'arm', holder: 0 });
  }

  async #hold(step: Extract<Step, { holder: number }>): Promise<void> {
    const db = this.#db;
    const holder = this.#holders.at(-1 - (step.holder % Math.max(1, this.#holders.length)));
    if (!holder) return;
    const { held, ids } = holder;
    switch (step.act) {
      case 'arm':
        ids.push(...(await armShard(db, held, 'w', new Date())).map((delivery) => delivery.id));
        return;
      case 'mark':
        holder.marked.push(...(await markSending(db, held, ids)));
        return;
      case 'unmark':
        return unmark(db, held, holder.marked);
      case 'disarm':
        return disarm(db, held);
      case 'refuse':
        return refuseArmed(db, held, ids.slice(0, 1), 'consent_mismatch');
      case 'postpone':
        return postponeArmed(db, held, ids.slice(0, 2), new Date());
      case 'settle': {
        const batch = holder.marked.splice(0, 2).map((id) => settlement(id, step.to));
        return settle(db, 'w', held.campaignId, held, batch);
      }
    }
  }
}

function settlement(deliveryId: string, state: DeliveryState): Settlement {
  return {
    deliveryId,
    state,
    dueAt: new Date(),
    reason: state === 'refused' ? 'duplicate' : null,
    remoteId: null,
    url: null,
    sentAtMs: Date.now(),
    answeredAtMs: Date.now(),
    outcome: 'unknown',
    detail: '',
  };
}

needs('postgres')('the states of deliveries', () => {
  let db: Db;
  beforeAll(async () => {
    db = (await openRecords()).db;
  });

  it('change only along the arrows, whoever does what in whatever order', async () => {
    const observed = await observeStates(db);
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 20, maxLength: 60 }), async (script) => {
        const campaignId = await insertCampaignRow(db, { state: 'firing' });
        const pledges = await insertPledges(db, campaignId, 4);
        await createDeliveries(db, { campaignId, size: 2, hosts: HOSTS }, new Date());
        const play = new Play(db, campaignId, pledges);
        for (const step of script) await play.take(step);
        for (const { from, to } of await observed()) {
          expect(DELIVERY_ARROWS[from], `${from} -> ${to}`).toContain(to);
        }
      }),
      { numRuns: 50, examples: WALKS },
    );
    const gone = new Set((await observed()).map(({ from, to }) => `${from} -> ${to}`));
    for (const arrow of WALKED) expect(gone).toContain(arrow);
  });
});
