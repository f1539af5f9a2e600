import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../../context.ts';
import { type AwayReason, DatabaseAwayError } from '../../domain/errors.ts';
import { judgeChallenges } from '../../domain/health/challenges.ts';
import { judgeAway } from '../../domain/health/database.ts';
import { type Finding, judgeHealth, judgeReadOnly } from '../../domain/health/health.ts';
import { judgeJoins } from '../../domain/health/joins.ts';
import { judgePlatforms } from '../../domain/health/platforms.ts';
import { judgeTexts } from '../../domain/health/texts.ts';
import { judgeTime } from '../../domain/health/time.ts';
import { listChallenges, listRefusedTexts } from '../../store/campaign-event.ts';
import { listCanaries } from '../../store/canary.ts';
import { readReadOnly } from '../../store/connection/read-only.ts';
import { listJoinRefusals } from '../../store/join-refusal.ts';
import { listMomentHolds } from '../../store/moment.ts';
import { listOverdue } from '../../store/overdue.ts';
import { listTroubledPlatforms } from '../../store/platform-check.ts';
import { listHolds } from '../../store/stop/hold.ts';
import { listProcesses } from '../../store/worker.ts';
import { diagnoseKeys } from './diagnose-keys.ts';
import { readDisks } from './read-disks.ts';

/** How the instance is, by what was done lately. */
export interface InstanceReadiness {
  /** False while something is red. */
  isReady: boolean;
  /** What is red first. */
  findings: readonly Finding[];
}

/** Answers are made no more often than this, however many ask. */
const FRESH_MS = 1_000;
/** A database that has not answered by then is away. */
const ANSWER_MS = 2_000;

/** What one process remembers between two looks. */
interface Memory {
  readiness: Promise<InstanceReadiness> | null;
  madeAt: number;
  /** Asked for, and not answered yet. */
  reading: Promise<unknown> | null;
  /** Since when each thing has been found in one look after the other. */
  since: Map<string, Date>;
}

const perProcess = new WeakMap<Context, Memory>();

/** Looks at everything that shows whether the next moment can be kept. Never rejects. */
export function checkReadiness(ctx: Context): Promise<InstanceReadiness> {
  const memory = getMemory(ctx);
  const isFresh = performance.now() - memory.madeAt < FRESH_MS;
  if (memory.readiness === null || !isFresh) {
    memory.madeAt = performance.now();
    memory.readiness = refreshReadiness(ctx, memory);
  }
  return memory.readiness;
}

function getMemory(ctx: Context): Memory {
  const known = perProcess.get(ctx);
  if (known) return known;
  const memory: Memory = { readiness: null, madeAt: 0, reading: null, since: new Map() };
  perProcess.set(ctx, memory);
  return memory;
}

async function refreshReadiness(ctx: Context, memory: Memory): Promise<InstanceReadiness> {
  const findings = steady(memory, await readFindings(ctx, memory));
  return { isReady: findings.every(({ level }) => level !== 'red'), findings };
}

async function readFindings(ctx: Context, memory: Memory): Promise<Finding[]> {
  const evidence = await inTime(memory, () => readEvidence(ctx));
  const now = new Date(ctx.clock.now());
  const trouble = typeof evidence === 'string' ? evidence : ctx.databaseTrouble();
  if (typeof evidence === 'string' || trouble !== null) {
    return [judgeAway(trouble ?? 'silent', { isEmbedded: ctx.config.databaseUrl === null, now })];
  }
  if (evidence.readOnly !== null) return [judgeReadOnly(evidence.readOnly, now)];
  const { keys, refusedTexts, troubledPlatforms, joinRefusals, challenges, ...seen } = evidence;
  const queueIs = ctx.config.redisUrl ? 'redis' : 'postgres';
  const queueTrouble = ctx.queues.trouble();
  const found = [
    ...judgeHealth({ ...seen, now, queueIs, queueTrouble }),
    ...judgeTime({ ...seen, now }),
    ...judgeTexts(refusedTexts),
    ...judgePlatforms(troubledPlatforms),
    ...judgeJoins(joinRefusals),
    ...judgeChallenges(challenges),
    ...keys,
  ];
  return found.sort((a, b) => Number(b.level === 'red') - Number(a.level === 'red'));
}

async function readEvidence(ctx: Context) {
  return {
    readOnly: await readReadOnly(ctx.db),
    processes: await listProcesses(ctx.db),
    canaries: await listCanaries(ctx.db),
    overdue: await listOverdue(ctx.db, { held: false }),
    disks: await readDisks(ctx),
    keys: await diagnoseKeys(ctx),
    refusedTexts: await listRefusedTexts(ctx.db),
    troubledPlatforms: await listTroubledPlatforms(ctx.db),
    joinRefusals: await listJoinRefusals(ctx.db),
    challenges: await listChallenges(ctx.db),
    restoredAt: (await listHolds(ctx.db)).find(({ kind }) => kind === 'restored')?.at ?? null,
    momentsHeld: await listMomentHolds(ctx.db),
    zones: zoneEvidence(ctx),
  };
}

function zoneEvidence(ctx: Context) {
  const { version, published, faults } = ctx.zones.current();
  return { version, published, faults: faults() };
}

/** Why not, where it fails or takes too long; what takes too long is not asked for a second time meanwhile. */
async function inTime<T>(memory: Memory, read: () => Promise<T>): Promise<T | AwayReason> {
  if (memory.reading) return 'silent';
  const reading = read().catch((error: unknown) =>
    error instanceof DatabaseAwayError ? error.reason : 'silent',
  );
  memory.reading = reading.finally(() => {
    memory.reading = null;
  });
  const enough = new AbortController();
  const late = sleep(ANSWER_MS, 'silent' as const, { signal: enough.signal }).catch(
    () => 'silent' as const,
  );
  return Promise.race([reading, late]).finally(() => enough.abort());
}

/** What was found at the last look already has been so since then, though the evidence itself may not say. */
function steady(memory: Memory, findings: readonly Finding[]): Finding[] {
  const before = memory.since;
  memory.since = new Map();
  return findings.map((finding) => {
    const key = `${finding.check} ${finding.level} ${finding.what.split(':')[0]}`;
    const known = before.get(key);
    const since = known && known < finding.since ? known : finding.since;
    memory.since.set(key, since);
    return { ...finding, since };
  });
}
