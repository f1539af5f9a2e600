import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createUsedOnce } from './used-once.ts';

/** Turns for those whose browser cannot prove work: they wait, and go in one after another. */
export interface Turns {
  /** The next turn in the line of `network`, `stepMs` after the one before; null while the line is too long. */
  take(network: string, stepMs: number): Turn | null;
  /** A turn that was given out, and how long it still is until then; null for what is none, or is over, or has been used. */
  read(ticket: string): Turn | null;
  /** Whether a turn has come and has not been used. It is good for nothing afterwards. */
  redeem(ticket: string): boolean;
}

export interface Turn {
  ticket: string;
  waitMs: number;
}

/** The shortest wait; without one a program would take every one of its turns at no cost. */
const MIN_WAIT_MS = 5_000;
/** The longest line; a person waits no longer than that. */
export const MAX_TURN_WAIT_MS = 110_000;
/** How long a turn may be used after it has come. */
const LIFE_MS = 10 * 60_000;
/** Lines of this many networks are known; the one that was used longest ago is forgotten first. */
const MAX_LINES = 10_000;

/** `secret` is the same in every process of an instance, so that one takes what another has given out. */
export function createTurns(secret: string, now: () => number = Date.now): Turns {
  const lines = new Map<string, number>();
  const used = createUsedOnce();
  const sign = (claim: string): string =>
    createHmac('sha256', secret).update(`turn ${claim}`).digest('base64url');
  const dueOf = (ticket: string): number | null => {
    const [due = '', nonce = '', proof = ''] = ticket.split('.');
    const right = Buffer.from(sign(`${due}.${nonce}`));
    const given = Buffer.from(proof);
    if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
    return Number(due) + LIFE_MS > now() ? Number(due) : null;
  };
  return {
    take(network, stepMs) {
      const last = lines.get(network) ?? 0;
      const due = Math.max(now() + MIN_WAIT_MS, last + stepMs);
      if (due - now() > MAX_TURN_WAIT_MS) return null;
      lines.delete(network);
      lines.set(network, due);
      const [oldest] = lines.size > MAX_LINES ? lines.keys() : [];
      if (oldest !== undefined) lines.delete(oldest);
      const claim = `${due}.${randomBytes(12).toString('base64url')}`;
      return { ticket: `${claim}.${sign(claim)}`, waitMs: due - now() };
    },
    read(ticket) {
      const due = dueOf(ticket);
      return due === null || used.isUsed(ticket)
        ? null
        : { ticket, waitMs: Math.max(0, due - now()) };
    },
    redeem(ticket) {
      const due = dueOf(ticket);
      return due !== null && due <= now() && used.use(ticket, due + LIFE_MS, now());
    },
  };
}
