import { sql } from 'kysely';
import type { Context } from '../../src/context.ts';
import type { DeliveryState } from '../../src/domain/delivery.ts';
import type { RecordEntry } from '../../src/simulator/record.ts';
import { diagnose } from './diagnose.ts';
import type { Networks } from './networks.ts';
import type { Voice, Wave } from './waves.ts';

/** What came of the posts owed: the simulator's record against ours. */
export interface Counts {
  /** Accounts that have their post. */
  posted: number;
  /** Owed, never made, and the records do not honestly say why: no refusal was given, no doubt admitted. */
  lost: number;
  /** Accounts with more than one post of a campaign. */
  doubled: number;
  /** Posts that arrived before the moment. */
  early: number;
  /** Left as `unconfirmed` in the records, posted or not. */
  unconfirmed: number;
  /** Of these, how many have their post. */
  unconfirmed_posted: number;
  /** The platform refused for good, and the records say so. */
  refused: number;
  /** The records say refused, dropped or withdrawn; the platform has the post. */
  false_failed: number;
  /** The records say posted; the platform has none. */
  false_posted: number;
  /** The platform has the post; the records had not come to an end. */
  unsettled: number;
  /** Taken back by its owner, and not posted. */
  withdrawn: number;
  /** Its owner was told that it is taken back; the platform has the post. */
  withdrawn_posted: number;
  /** Milliseconds from the moment to the arrival. */
  lateness_ms: { p50: number; p99: number; max: number };
}

type Tally = Omit<Counts, 'lateness_ms'>;

/** What breaks a promise. */
const FAULTS = [
  'lost',
  'doubled',
  'early',
  'false_failed',
  'false_posted',
  'unsettled',
  'withdrawn_posted',
] as const;
const TALLIES = [
  ...FAULTS,
  ...(['posted', 'unconfirmed', 'unconfirmed_posted', 'refused', 'withdrawn'] as const),
] satisfies (keyof Tally)[];

interface Row {
  account: string;
  state: DeliveryState | null;
}

const FAILED: readonly (DeliveryState | null)[] = ['refused', 'dropped', 'withdrawn'];

/** Counts every account of every wave, and tells both sides of what is broken. The simulator is the witness; the records are on trial. */
export async function countAll(
  ctx: Context,
  networks: Networks,
  waves: readonly Wave[],
  say: (line: string) => void,
): Promise<Counts> {
  const arrivals = new Map<string, number[]>();
  const entries: RecordEntry[] = [];
  // No two of these platforms give the same id.
  for (const { control } of networks.values()) {
    for (const { account, at_us } of await control.posts()) {
      const known = arrivals.get(account);
      if (known) known.push(at_us / 1000);
      else arrivals.set(account, [at_us / 1000]);
    }
    for (const entry of await control.record(0, 'posts')) entries.push(entry);
  }
  const refusals = refusedAccounts(entries);
  const broken: { wave: Wave; voice: Voice; what: string }[] = [];
  const counts = { ...none(), lateness_ms: { p50: 0, p99: 0, max: 0 } };
  const late: number[] = [];
  for (const wave of waves) {
    const states = await statesOf(ctx, wave.campaignId);
    for (const voice of wave.voices) {
      const { account, platform, known } = voice;
      const posts = arrivals.get(account) ?? [];
      const hash = ctx.vault.accountHash(platform, known).toString('hex');
      // Of who has withdrawn, no account is left.
      const isErased = wave.asked.has(account) && !states.has(hash);
      const state = isErased ? 'withdrawn' : (states.get(hash) ?? null);
      const one =
        judgeWish(wave, account, state, posts.length) ??
        judge(state, posts.length, refusals.has(account));
      one.early = posts.filter((at) => at < wave.momentMs).length;
      for (const name of TALLIES) counts[name] += one[name];
      const what = FAULTS.filter((name) => one[name] > 0).join(', ');
      if (what !== '') broken.push({ wave, voice, what });
      if (posts[0] !== undefined) late.push(posts[0] - wave.momentMs);
    }
  }
  late.sort((a, b) => a - b);
  const at = (share: number): number => Math.round(late[Math.floor(share * late.length)] ?? 0);
  counts.lateness_ms = { p50: at(0.5), p99: at(0.99), max: Math.round(late.at(-1) ?? 0) };
  await diagnose(ctx, entries, broken, say);
  return counts;
}

/** One who has asked for their pledge back, and has it; null: they are owed what everybody is. */
function judgeWish(
  { asked, withdrawn }: Wave,
  account: string,
  state: DeliveryState | null,
  posts: number,
): Tally | null {
  const granted = withdrawn.has(account);
  // Where the answer was lost, what is done holds.
  const done = asked.has(account) && state === 'withdrawn' && posts === 0;
  if (!granted && !done) return null;
  return posts > 0 ? { ...none(), posted: 1, withdrawn_posted: 1 } : { ...none(), withdrawn: 1 };
}

/** One account: what the records say, how many posts there are, and whether the platform ever refused it for good. */
export function judge(state: DeliveryState | null, posts: number, refused: boolean): Tally {
  const counts = none();
  if (posts > 0) counts.posted += 1;
  if (posts > 1) counts.doubled += 1;
  if (state === 'unconfirmed') {
    counts.unconfirmed += 1;
    if (posts > 0) counts.unconfirmed_posted += 1;
  } else if (state === 'posted') {
    if (posts === 0) counts.false_posted += 1;
  } else if (FAILED.includes(state)) {
    if (posts > 0) counts.false_failed += 1;
    else if (state === 'refused' && refused) counts.refused += 1;
    else counts.lost += 1;
  } else if (posts > 0) counts.unsettled += 1;
  else counts.lost += 1;
  return counts;
}

function none(): Tally {
  return {
    ...{ posted: 0, lost: 0, doubled: 0, early: 0, unconfirmed: 0, unconfirmed_posted: 0 },
    ...{ refused: 0, false_failed: 0, false_posted: 0, unsettled: 0 },
    ...{ withdrawn: 0, withdrawn_posted: 0 },
  };
}

/** True where a promise is broken. */
export function isBroken(counts: Counts): boolean {
  return FAULTS.some((name) => counts[name] > 0);
}

/** Accounts to which the platform said no with an answer that no later try can change. */
function refusedAccounts(entries: readonly RecordEntry[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { account, status } of entries) {
    if (account && (status === 400 || status === 401 || status === 403)) found.add(account);
  }
  return found;
}

/** State by account hash, in hex; null for a pledge that never got a delivery. */
async function statesOf(
  ctx: Context,
  campaignId: string,
): Promise<ReadonlyMap<string, DeliveryState | null>> {
  const { rows } = await sql<Row>`
    select encode(p.account_hash, 'hex') as account, d.state
    from pledge p left join delivery d on d.pledge_id = p.id
    where p.campaign_id = ${campaignId}`.execute(ctx.db);
  return new Map(rows.map(({ account, state }) => [account, state]));
}
