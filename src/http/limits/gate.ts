import { createHmac, randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../../context.ts';
import { createUnfinishedWork, type WorkKind } from '../../domain/unfinished-work.ts';
import { createNetworks } from './network.ts';
import { createWorkProofs, type WorkProofs } from './proof.ts';
import { createTurns, MAX_TURN_WAIT_MS, type Turns } from './turns.ts';
import { sendLater, sendWait } from './wait.ts';

/** How much may be unfinished. What is limited is unfinished work, not arrivals: finished work gives its place back. */
export const LIMITS = {
  /** What was begun and not continued within this time counts as given up. */
  lifeMs: 15 * 60_000,
  /** From this one of a network on, a proof of work or a turn is asked for. */
  workFrom: 60,
  /** The most for one network, with or without a proof of work. */
  networkMax: 1_000,
  /** From this one of all networks on, a proof or a turn is asked for; five times as much is the most. */
  global: { join: 20_000, lookup: 2_000, link: 5_000, mail: 2_000, guess: 5_000 },
  globalTimes: 5,
} as const;

/** Something that was begun and is not finished. */
export interface Admission {
  /** Goes on under this id, which `finish` and `move` know it by. */
  keepUnder(id: string): void;
  /** It came to nothing, and counts as this now. */
  fail(kind: WorkKind): void;
  /** Gives it back: nothing came of it that would count. */
  release(): void;
}

/** What stands before everything that visitors may leave unfinished. In the memory of one process. */
export interface Gate {
  /**
   * Begins something; `from`: the id of what it goes on with, whose place it takes; `tries`: what it may come to if it fails. Null
   * when the visitor has been answered with the page that asks for work or a wait.
   */
  begin(
    request: FastifyRequest,
    reply: FastifyReply,
    kind: WorkKind,
    more?: { from?: string; tries?: readonly WorkKind[] },
  ): Promise<Admission | null>;
  /** Whether a secret may be tried; false when the visitor has been answered instead. For secrets that are looked up. */
  mayGuess(request: FastifyRequest, reply: FastifyReply): Promise<boolean>;
  /** Counts a secret that was wrong. False when the visitor has been answered instead of being told so. */
  allowMiss(request: FastifyRequest, reply: FastifyReply): Promise<boolean>;
  /** The same for programs, which cannot wait on a page: milliseconds until they may try again, or null. */
  countMiss(request: FastifyRequest): number | null;
  /** For programs, before a secret is looked up: milliseconds until they may try one, or null. Counts nothing. */
  restOf(request: FastifyRequest): number | null;
  /** Gives the place back that has this id, if there is one. */
  finish(id: string): void;
  /** The same work under another id. */
  move(id: string, to: string): void;
}

const gates = new WeakMap<Context, Gate>();

export function getGate(ctx: Context): Gate {
  const known = gates.get(ctx);
  if (known) return known;
  const { trustProxy } = ctx.config.http;
  const key = Buffer.from(ctx.config.secrets.receiptKey.reveal(), 'base64');
  const secret = createHmac('sha256', key).update('work').digest('hex');
  const made = createGate({
    networkOf: createNetworks(trustProxy),
    proofs: createWorkProofs(secret),
    turns: createTurns(secret),
    now: () => performance.now(),
  });
  gates.set(ctx, made);
  return made;
}

interface Parts {
  networkOf: (address: string) => string | null;
  proofs: WorkProofs;
  turns: Turns;
  now: () => number;
}

/** How crowded it is: nothing is asked for, work is, or nothing new is begun. */
type Crowding =
  | { kind: 'free' }
  | { kind: 'work'; times: number; stepMs: number }
  | { kind: 'full' };

/** The line of all those whose network is not known. */
const UNKNOWN = 'unknown';

export function createGate({ networkOf, proofs, turns, now }: Parts): Gate {
  const work = createUnfinishedWork(LIMITS.lifeMs);

  const crowding = (network: string | null, kind: WorkKind): Crowding => {
    const ours = network === null ? 0 : work.countOf(network, kind, now());
    const total = work.total(kind, now());
    const most = LIMITS.global[kind];
    if (ours >= LIMITS.networkMax || total >= most * LIMITS.globalTimes) return { kind: 'full' };
    if (ours + 1 >= LIMITS.workFrom) return { kind: 'work', ...pressure(ours) };
    // Work for everybody; one after another only so that they do not all come at once.
    return total + 1 >= most ? { kind: 'work', times: 1, stepMs: 50 } : { kind: 'free' };
  };

  const mayGo = async (
    request: FastifyRequest,
    reply: FastifyReply,
    kinds: readonly WorkKind[],
  ): Promise<boolean> => {
    const network = networkOf(request.ip);
    const crowds = kinds.map((kind) => crowding(network, kind));
    if (crowds.some(({ kind }) => kind === 'full')) {
      sendLater(request, reply, MAX_TURN_WAIT_MS);
      return false;
    }
    const crowd = crowds.find((one) => one.kind === 'work');
    if (crowd?.kind !== 'work') return true;
    const { altcha, turn } = shownWork(request);
    if ((await proofs.redeem(altcha)) || turns.redeem(turn)) return true;
    const next = turns.read(turn) ?? turns.take(network ?? UNKNOWN, crowd.stepMs);
    const challenge = await proofs.challenge(crowd.times);
    if (next === null) sendLater(request, reply, MAX_TURN_WAIT_MS, challenge);
    else sendWait(request, reply, { ...next, challenge });
    return false;
  };

  const placeOf = (network: string | null, kind: WorkKind): Admission => {
    const id = randomUUID();
    work.hold(id, network, kind, now());
    return {
      keepUnder: (to) => void work.move(id, to, now()),
      fail: (other) => work.hold(id, network, other, now()),
      release: () => work.release(id),
    };
  };

  const missed = (request: FastifyRequest): void =>
    work.hold(randomUUID(), networkOf(request.ip), 'guess', now());

  const restOf = (request: FastifyRequest): number | null =>
    crowding(networkOf(request.ip), 'guess').kind === 'free' ? null : LIMITS.lifeMs;

  return {
    restOf,
    mayGuess: (request, reply) => mayGo(request, reply, ['guess']),
    async allowMiss(request, reply) {
      if (!(await mayGo(request, reply, ['guess']))) return false;
      missed(request);
      return true;
    },
    countMiss(request) {
      const rest = restOf(request);
      if (rest === null) missed(request);
      return rest;
    },
    async begin(request, reply, kind, { from = '', tries = [] } = {}) {
      const network = networkOf(request.ip);
      const goesOn = work.has(from, now());
      // At once, so that no second one goes on with it meanwhile.
      work.release(from);
      if (await mayGo(request, reply, goesOn ? tries : [kind, ...tries])) {
        return placeOf(network, kind);
      }
      if (goesOn) work.hold(from, network, kind, now());
      return null;
    },
    finish: (id) => work.release(id),
    move: (id, to) => void work.move(id, to, now()),
  };
}

/** Gives the place back where nothing comes of it. */
export async function orRelease<T>(admission: Admission | null, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    admission?.release();
    throw error;
  }
}

/** The more is unfinished, the more work it takes, and the slower those go in who wait. */
function pressure(unfinished: number): { times: number; stepMs: number } {
  if (unfinished < 300) return { times: 1, stepMs: 400 };
  return unfinished < 600 ? { times: 2, stepMs: 2_000 } : { times: 4, stepMs: 10_000 };
}

/** What the page that asks for work has added to what was sent. */
function shownWork(request: FastifyRequest): { altcha: string; turn: string } {
  const sent = { ...(request.query as object), ...(request.body as object | undefined) };
  const { altcha, turn } = sent as Record<string, unknown>;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return { altcha: text(altcha), turn: text(turn) };
}
