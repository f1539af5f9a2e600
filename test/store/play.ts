import { sql } from 'kysely';
import { expect } from 'vitest';
import { DELIVERY_ARROWS, type DeliveryState } from '../../src/domain/delivery.ts';
import type { HoldTarget, StopScope } from '../../src/domain/hold.ts';
import type { Db } from '../../src/store/connection/database.ts';
import {
  type ArmedDelivery,
  armShard,
  claimDoubtful,
  disarm,
  hasUnfinished,
  type LeasedDelivery,
  markSending,
  putOff,
  refuseArmed,
  type Settlement,
  settle,
  unmark,
  withdrawDelivery,
} from '../../src/store/delivery.ts';
import {
  findFreeShards,
  gatherDue,
  type LeasedShard,
  leaseShard,
  releaseShard,
} from '../../src/store/shard.ts';
import { abortCampaigns, dropAborted } from '../../src/store/stop/abort.ts';
import { liftHolds, placeHold } from '../../src/store/stop/hold.ts';
import { dropLate } from '../../src/store/too-late.ts';
import { entriesOf } from '../support/armed.ts';
import { rowsVault } from '../support/rows.ts';
import { type Answer, SCOPES, type Step } from './play-steps.ts';

/** A mark as the worker that made it has it in hand. It is sent once at most. */
interface Ticket extends LeasedDelivery {
  markedAtMs: number;
  /** The number of the attempt, from 1. */
  attempt: number;
  arrived: boolean;
  /** Whether it may still reach the network. */
  underWay: boolean;
  settled: boolean;
}

/** After its mark a post reaches the network within so long, or never; and nobody looks for it earlier. */
const MARKED_FOR_MS = 3_000;
const RECONCILE = { afterMs: 3_000, markedForMs: MARKED_FOR_MS };
/** Who looks for a post keeps it from others for so long. */
const LOOK_AGAIN_MS = 800;
/** Between the model's clock and the database's. */
const SLACK_MS = 100;

/** What a campaign's deliveries go through when anybody does anything in any order, and what the network sees of it. */
export class Play {
  readonly #db: Db;
  readonly #campaignId: string;
  readonly #pledges: readonly string[];
  readonly #holders: { leased: LeasedShard; armed: ArmedDelivery[] }[] = [];
  /** In the order in which they were first seen. */
  readonly #shards: string[] = [];
  readonly #tickets: Ticket[] = [];
  readonly #written: Settlement[] = [];
  readonly #looks: Settlement[] = [];
  /** The network's own record. */
  readonly #posts = new Set<string>();
  readonly #withdrawn = new Set<string>();
  readonly #held = new Set<StopScope>();
  #throttledUntilMs = 0;
  #aborted = false;
  #shiftedMs = 0;

  constructor(db: Db, campaignId: string, pledges: readonly string[]) {
    this.#db = db;
    this.#campaignId = campaignId;
    this.#pledges = pledges;
  }

  /** @throws when a post arrives twice, or after its owner has withdrawn. */
  async take(step: Step): Promise<void> {
    const db = this.#db;
    switch (step.act) {
      case 'lease':
        return this.#lease(step.shard, step.arm);
      case 'gather':
        await gatherDue(db, { campaignId: this.#campaignId, size: 2 });
        return;
      case 'withdraw':
        return this.#withdraw(step.pledge);
      case 'drop late':
        return this.#dropLate();
      case 'abort':
        await abortCampaigns(db, { campaignId: this.#campaignId });
        this.#aborted = true;
        return;
      case 'hold':
      case 'resume':
      case 'throttle':
        return this.#hold(step);
      case 'pass':
        return this.#pass(step.ms);
      case 'look':
        return this.#look(step.answer);
      case 'note look': {
        const [look] = this.#looks.splice(step.nth % Math.max(1, this.#looks.length), 1);
        return settle(db, rowsVault, 'w', 'reconcile', look ? [look] : []);
      }
      case 'settle again': {
        const again = pick(this.#written, step.nth);
        return settle(db, rowsVault, 'w', 'sending', again ? [again] : [], true);
      }
      case 'arrive':
        return this.#arrive(
          this.#open((ticket) => ticket.underWay),
          step.ticket,
        );
      case 'settle':
        return this.#settle(
          pickLast(
            this.#open((ticket) => !ticket.settled),
            step.ticket,
          ),
          step.to,
        );
      default:
        return this.#act(step);
    }
  }

  /** The model's time: the database's, and what was skipped. */
  #now(): number {
    return Date.now() + this.#shiftedMs;
  }

  #open(which: (ticket: Ticket) => boolean): Ticket[] {
    return this.#tickets.filter(which);
  }

  async #lease(n: number, arm: boolean): Promise<void> {
    const { rows } = await sql<{ id: string }>`
      select distinct shard_id as id from delivery
      where campaign_id = ${this.#campaignId} and shard_id is not null
        and state in ('pending', 'armed', 'waiting', 'sending')`.execute(this.#db);
    const there = new Set(rows.map((row) => row.id));
    for (const id of there) if (!this.#shards.includes(id)) this.#shards.push(id);
    const id = pickLast(
      this.#shards.filter((shard) => there.has(shard)),
      n,
    );
    // A hold that is over at once: the next who asks has it, and this one acts on.
    const leased = id ? await leaseShard(this.#db, id, 'w', -1) : null;
    if (!leased) return;
    this.#holders.push({ leased, armed: [] });
    if (arm) await this.#act({ act: 'arm', holder: 0 });
  }

  async #act(step: Extract<Step, { holder: number }>): Promise<void> {
    const db = this.#db;
    const holder = pickLast(this.#holders, step.holder);
    if (!holder) return;
    const { leased, armed } = holder;
    switch (step.act) {
      case 'arm':
        armed.push(...(await armShard(db, leased, 'w', RECONCILE)));
        return;
      case 'mark':
        return this.#mark(leased, armed, step.heard);
      case 'disarm':
        return disarm(db, leased);
      case 'release':
        return releaseShard(db, leased);
      case 'refuse':
        return refuseArmed(db, leased, idsOf(armed).slice(0, 1), 'consent_mismatch');
      case 'put off':
        return putOff(db, leased, idsOf(armed).slice(0, 1), this.#in(0));
      case 'unmark': {
        const unsent = this.#open((ticket) => ticket.shardId === leased.id && isInHand(ticket));
        for (const ticket of unsent) Object.assign(ticket, { underWay: false, settled: true });
        return unmark(db, unsent);
      }
    }
  }

  async #mark(leased: LeasedShard, armed: readonly ArmedDelivery[], heard: boolean): Promise<void> {
    const entries = entriesOf(leased, idsOf(armed));
    const marked = await markSending(this.#db, entries);
    const stopped = this.#aborted || this.#held.size > 0;
    if (stopped || this.#throttledUntilMs > this.#now() + SLACK_MS) expect(marked.size).toBe(0);
    if (!heard) return;
    for (const [n, entry] of entries.entries()) {
      const at = marked.get(entry.deliveryId);
      if (at === undefined) continue;
      const attempt = (armed[n]?.attempts ?? 0) + 1;
      const fresh = { markedAtMs: at + this.#shiftedMs, arrived: false, underWay: true };
      this.#tickets.push({ ...entry, attempt, ...fresh, settled: false });
    }
  }

  #arrive(tickets: readonly Ticket[], n: number): void {
    const ticket = pickLast(tickets, n);
    if (!ticket) return;
    ticket.underWay = false;
    if (this.#now() > ticket.markedAtMs + MARKED_FOR_MS - SLACK_MS) return;
    const id = ticket.deliveryId;
    if (this.#posts.has(id)) throw new Error('The network has been given a post twice');
    if (this.#withdrawn.has(id)) throw new Error('A post arrived after it was withdrawn');
    this.#posts.add(id);
    ticket.arrived = true;
  }

  /** The worker writes down what came of one send, as far as it can know. */
  async #settle(ticket: Ticket | undefined, to: number): Promise<void> {
    if (!ticket) return;
    const unsent = DELIVERY_ARROWS.sending.filter((state) => state !== 'posted');
    const possible = ticket.arrived ? (['posted', 'unconfirmed'] as const) : unsent;
    const state = pick(possible, to) ?? 'unconfirmed';
    ticket.settled = true;
    // Where the answer says that it is not there, it will not come any more.
    if (state !== 'unconfirmed') ticket.underWay = false;
    const dueAt = state === 'unconfirmed' ? this.#in(RECONCILE.afterMs) : this.#in(0);
    const { deliveryId, shardId, lease, attempt } = ticket;
    const outcome = this.#settlement(deliveryId, attempt, state, dueAt);
    this.#written.push({ ...outcome, shardId, lease });
    await settle(this.#db, rowsVault, 'w', 'sending', this.#written.slice(-1));
  }

  /** Somebody asks the network; what they write down of it, they may write down much later. */
  async #look(answer: Answer): Promise<void> {
    const claimed = await claimDoubtful(this.#db, this.#campaignId, 2, LOOK_AGAIN_MS);
    for (const one of claimed) this.#looks.push(this.#seen(one, answer));
  }

  #seen({ id, attempts }: ArmedDelivery, answer: Answer): Settlement {
    const seen = (state: DeliveryState, dueAt: Date | null): Settlement =>
      this.#settlement(id, attempts, state, dueAt);
    if (answer === 'unreadable') return seen('unconfirmed', null);
    if (answer === 'undecided') return seen('unconfirmed', this.#in(LOOK_AGAIN_MS));
    if (this.#posts.has(id)) return seen('posted', null);
    return this.#aborted ? seen('refused', null) : seen('armed', this.#in(0));
  }

  #settlement(
    deliveryId: string,
    attempt: number,
    state: DeliveryState,
    dueAt: Date | null,
  ): Settlement {
    return {
      deliveryId,
      shardId: null,
      lease: null,
      campaignId: this.#campaignId,
      platform: 'x',
      attempt,
      state,
      dueAt: state === 'posted' || state === 'refused' ? null : dueAt,
      reason: state === 'refused' ? 'account_locked' : null,
      post: null,
      sentAtMs: Date.now(),
      answeredAtMs: Date.now(),
      outcome: state === 'posted' ? 'posted' : 'unknown',
      detail: '',
    };
  }

  #in(ms: number): Date {
    return new Date(Date.now() + ms);
  }

  async #withdraw(n: number): Promise<void> {
    const pledge = pick(this.#pledges, n) ?? '';
    if (!(await withdrawDelivery(this.#db, pledge))) return;
    const { rows } = await sql<{ id: string }>`
      select id from delivery where pledge_id = ${pledge}`.execute(this.#db);
    for (const { id } of rows) this.#withdrawn.add(id);
  }

  async #dropLate(): Promise<void> {
    const end = (at: ReturnType<typeof sql>) =>
      sql`update campaign set too_late_at = ${at} where id = ${this.#campaignId}`.execute(this.#db);
    await end(sql`clock_timestamp()`);
    await dropLate(this.#db);
    await end(sql`clock_timestamp() + interval '10 hours'`);
  }

  async #hold(step: Extract<Step, { act: 'hold' | 'resume' | 'throttle' }>): Promise<void> {
    const by = { actor: 'op', reason: '' };
    if (step.act === 'throttle') {
      const hold = { scope: 'platform', platform: 'x', kind: 'throttled', ...by } as const;
      await placeHold(this.#db, { ...hold, until: this.#in(step.ms) });
      this.#throttledUntilMs = Math.max(this.#throttledUntilMs, this.#now() + step.ms);
      return;
    }
    const targets: Record<StopScope, HoldTarget> = {
      campaign: { scope: 'campaign', campaignId: this.#campaignId },
      platform: { scope: 'platform', platform: 'x' },
      instance: { scope: 'instance' },
    };
    const target = targets[step.scope];
    if (step.act === 'hold') {
      const hold = { ...target, kind: 'paused', ...by } as const;
      await placeHold(this.#db, { ...hold, until: null });
      this.#held.add(step.scope);
    } else {
      await liftHolds(this.#db, target, ['paused']);
      this.#held.delete(step.scope);
    }
  }

  /** Lets time pass: everything that the records say is that much longer ago, or that much nearer. */
  async #pass(ms: number): Promise<void> {
    const by = sql`${ms} * interval '1 millisecond'`;
    await sql`
      with c as (update campaign set moment = moment - ${by}, too_late_at = too_late_at - ${by}
        where id = ${this.#campaignId}),
      s as (update shard set due_at = due_at - ${by}, leased_until = leased_until - ${by}
        where campaign_id = ${this.#campaignId}),
      d as (update delivery set due_at = due_at - ${by}, marked_at = marked_at - ${by}
        where campaign_id = ${this.#campaignId})
      update hold set until = until - ${by}`.execute(this.#db);
    this.#shiftedMs += ms;
  }

  /** Everybody resumes and one worker that lives, and a network that tells the truth, are left alone for a while. */
  async recover(): Promise<void> {
    for (const scope of SCOPES) await this.take({ act: 'resume', scope });
    // Two in doubt are looked for in a round, and what was not there takes another one to be sent.
    for (let round = 0; round < 6; round++) {
      await this.#pass(6_000);
      await this.take({ act: 'gather' });
      await this.#work();
      await this.take({ act: 'look', answer: 'truth' });
      while (this.#looks.length > 0) await this.take({ act: 'note look', nth: 0 });
      await dropLate(this.#db);
      if (this.#aborted) await dropAborted(this.#db, this.#campaignId);
    }
  }

  /** As fire-shard does it, for every shard that the sweep would hand out. */
  async #work(): Promise<void> {
    for (const { id } of await findFreeShards(this.#db, this.#in(SLACK_MS), this.#campaignId)) {
      const leased = await leaseShard(this.#db, id, 'w', 60_000);
      if (!leased) continue;
      const armed = await armShard(this.#db, leased, 'w', RECONCILE);
      await this.#mark(leased, armed, true);
      for (const ticket of this.#open(isInHand).filter((one) => one.shardId === leased.id)) {
        this.#arrive([ticket], 0);
        await this.#settle(ticket, 0);
      }
      await disarm(this.#db, leased);
      await releaseShard(this.#db, leased);
    }
  }

  /** The window is over, and whoever is left looks after what is. */
  async runOut(): Promise<void> {
    await this.#pass(20 * 3_600_000);
    await this.recover();
  }

  /** Nothing is left that could still change, except what nobody can find out. What is posted is on the network, and the reverse. */
  async expectOver(): Promise<void> {
    const { rows } = await sql<{ id: string; state: DeliveryState; due_at: Date | null }>`
      select id, state, due_at from delivery where campaign_id = ${this.#campaignId}`.execute(
      this.#db,
    );
    const open = rows.filter(
      ({ state, due_at }) =>
        DELIVERY_ARROWS[state].length > 0 && !(state === 'unconfirmed' && due_at === null),
    );
    expect(open).toEqual([]);
    expect(await hasUnfinished(this.#db, this.#campaignId)).toBe(false);
    for (const { id, state } of rows) {
      if (state !== 'unconfirmed') expect(this.#posts.has(id), state).toBe(state === 'posted');
    }
    // Every attempt is of this campaign, and bears a number that its delivery came to.
    const strays = await sql`
      select a.number, d.attempts from attempt a join delivery d on d.id = a.delivery_id
      where d.campaign_id = ${this.#campaignId}
        and (a.campaign_id <> d.campaign_id or a.number not between 1 and d.attempts)`.execute(
      this.#db,
    );
    expect(strays.rows).toEqual([]);
  }
}

function idsOf(armed: readonly ArmedDelivery[]): string[] {
  return armed.map((delivery) => delivery.id);
}

/** Marked, and neither sent nor given back. */
function isInHand(ticket: Ticket): boolean {
  return ticket.underWay && !ticket.settled;
}

function pick<T>(from: readonly T[], n: number): T | undefined {
  return from[n % Math.max(1, from.length)];
}

/** The same from the end, so that 0 is the newest. */
function pickLast<T>(from: readonly T[], n: number): T | undefined {
  return from.at(-1 - (n % Math.max(1, from.length)));
}
