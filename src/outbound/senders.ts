import type { Crash } from '../crash.ts';
import type { Guard } from './ssrf-guard.ts';
import type { ResponseObserver } from './wire/network-clock.ts';
import { createSender, type PreparedRequest, type Sender, type SendResult } from './wire/sender.ts';

/** Connections to each of the servers that supporters name, opened where they are needed. */
export interface Senders {
  /** Never rejects. */
  send(origin: string, request: PreparedRequest): Promise<SendResult>;
  /** See `Sender`. */
  openConnections(origin: string, count: number): Promise<number | null>;
  dispose(): void;
}

export interface SendersOptions {
  guard: Guard;
  crash: Crash;
  /** Told of every answer, for its Date. */
  onResponse?: ResponseObserver | undefined;
  timeoutMs: number;
  /** The most to one server. */
  connections: number;
  /** See `createSender`. */
  probePath: string;
}

/** Connections to a server that nothing was sent to for this long are closed; so are those idle longest where there are too many. */
const IDLE_MS = 2 * 60_000;
const MAX_SENDERS = 1_000;
const SWEEP_MS = 30_000;

interface PooledSender {
  sender: Sender;
  /** Ending it would leave what is under way in doubt. */
  busy: number;
  usedAt: number;
}

export function createSenders(options: SendersOptions): Senders {
  /** Those used last come last. */
  const pooled = new Map<string, PooledSender>();
  const take = (origin: string): PooledSender => {
    const one = pooled.get(origin) ?? { sender: openSender(options, origin), busy: 0, usedAt: 0 };
    one.usedAt = performance.now();
    pooled.delete(origin);
    pooled.set(origin, one);
    if (pooled.size > MAX_SENDERS) endRested(pooled, origin);
    return one;
  };
  const use = async <T>(origin: string, act: (sender: Sender) => Promise<T>): Promise<T> => {
    const one = take(origin);
    one.busy++;
    try {
      return await act(one.sender);
    } finally {
      one.busy--;
    }
  };
  const sweep = setInterval(() => endIdle(pooled), SWEEP_MS).unref();
  return {
    send: async (origin, request) =>
      mayReach(options.guard, origin)
        ? use(origin, (sender) => sender.send(request))
        : { kind: 'no_answer', left: false, code: 'PRIVATE_ADDRESS' },
    openConnections: async (origin, count) =>
      mayReach(options.guard, origin)
        ? use(origin, (sender) => sender.openConnections(count))
        : null,
    dispose: () => {
      clearInterval(sweep);
      for (const { sender } of pooled.values()) sender.dispose();
      pooled.clear();
    },
  };
}

function openSender({ guard, ...rest }: SendersOptions, origin: string): Sender {
  return createSender({ ...rest, origin, lookup: guard.lookup });
}

/** The address of a literal is never looked up, and a grant may be older than the operator's list. */
function mayReach(guard: Guard, origin: string): boolean {
  try {
    return guard.origin(origin) === origin;
  } catch {
    return false;
  }
}

function endIdle(pooled: Map<string, PooledSender>): void {
  const latest = performance.now() - IDLE_MS;
  for (const [origin, one] of pooled) {
    if (one.usedAt > latest) return;
    endSender(pooled, origin, one);
  }
}

function endRested(pooled: Map<string, PooledSender>, except: string): void {
  for (const [origin, one] of pooled) {
    if (origin !== except && endSender(pooled, origin, one)) return;
  }
}

function endSender(
  pooled: Map<string, PooledSender>,
  origin: string,
  { busy, sender }: PooledSender,
): boolean {
  if (busy > 0) return false;
  pooled.delete(origin);
  sender.dispose();
  return true;
}
