import type { Crash } from '../crash.ts';
import type { Guard } from './guard.ts';
import type { Heard } from './network-clock.ts';
import { type Answer, createSender, type PreparedRequest, type Sender } from './sender.ts';

/** Connections to each of the servers that supporters name, opened where they are needed. */
export interface Senders {
  /** Never rejects. */
  send(origin: string, request: PreparedRequest): Promise<Answer>;
  /** See `Sender`. */
  warm(origin: string, count: number): Promise<number | null>;
  dispose(): void;
}

export interface SendersOptions {
  guard: Guard;
  crash: Crash;
  /** Told of every answer, for its Date. */
  heard?: Heard | undefined;
  timeoutMs: number;
  /** The most to one server. */
  connections: number;
  /** See `createSender`. */
  warmPath: string;
}

/** A server that nothing is sent to for so long loses its connections; so does the one rested longest where there are too many. */
const IDLE_MS = 2 * 60_000;
const MOST_SENDERS = 1_000;
const SWEEP_MS = 30_000;

interface Held {
  sender: Sender;
  /** Ending it would leave what is under way in doubt. */
  busy: number;
  usedAt: number;
}

export function createSenders(options: SendersOptions): Senders {
  /** Those used last come last. */
  const held = new Map<string, Held>();
  const take = (origin: string): Held => {
    const one = held.get(origin) ?? { sender: open(options, origin), busy: 0, usedAt: 0 };
    one.usedAt = performance.now();
    held.delete(origin);
    held.set(origin, one);
    if (held.size > MOST_SENDERS) endRested(held, origin);
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
  const sweep = setInterval(() => endIdle(held), SWEEP_MS).unref();
  return {
    send: async (origin, request) =>
      mayReach(options.guard, origin)
        ? use(origin, (sender) => sender.send(request))
        : { kind: 'no_answer', left: false, code: 'PRIVATE_ADDRESS' },
    warm: async (origin, count) =>
      mayReach(options.guard, origin) ? use(origin, (sender) => sender.warm(count)) : null,
    dispose: () => {
      clearInterval(sweep);
      for (const { sender } of held.values()) sender.dispose();
      held.clear();
    },
  };
}

function open({ guard, ...rest }: SendersOptions, origin: string): Sender {
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

function endIdle(held: Map<string, Held>): void {
  const latest = performance.now() - IDLE_MS;
  for (const [origin, one] of held) {
    if (one.usedAt > latest) return;
    end(held, origin, one);
  }
}

function endRested(held: Map<string, Held>, except: string): void {
  for (const [origin, one] of held) {
    if (origin !== except && end(held, origin, one)) return;
  }
}

function end(held: Map<string, Held>, origin: string, { busy, sender }: Held): boolean {
  if (busy > 0) return false;
  held.delete(origin);
  sender.dispose();
  return true;
}
