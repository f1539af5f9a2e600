import { randomInt } from 'node:crypto';
import { type Challenge, createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/sha';
import { createUsedOnce } from './used-once.ts';

/** Proofs of work: a browser finds a number by trying, which takes it a second or two, and we see at once that it is right. */
export interface WorkProofs {
  /** What the browser is given to solve; `times` as hard as usual. */
  challenge(times?: number): Promise<string>;
  /** Whether a browser sent the solution of a challenge of ours for the first time. It is good for nothing afterwards. */
  redeem(sent: string): Promise<boolean>;
}

/** The number lies between these: a million hashes are about a second in a browser, and some seconds on an old phone. */
const NUMBERS = { from: 500_000, to: 1_500_000 } as const;
/** For a browser that takes long over it, or a person who is called away. */
const LIFE_MS = 10 * 60_000;
/** Longer than any solution is. */
const MAX_SENT = 4_000;

/** `secret` is the same in every process of an instance, so that one takes what another has given out. */
export function createWorkProofs(secret: string, now: () => number = Date.now): WorkProofs {
  const secrets = {
    hmacSignatureSecret: `challenge ${secret}`,
    hmacKeySignatureSecret: `solution ${secret}`,
  };
  const used = createUsedOnce();
  return {
    async challenge(times = 1) {
      const made = await createChallenge({
        ...{ algorithm: 'SHA-256', cost: 1, deriveKey, ...secrets },
        counter: randomInt(NUMBERS.from * times, NUMBERS.to * times),
        expiresAt: new Date(now() + LIFE_MS),
      });
      return JSON.stringify(made);
    },
    async redeem(sent) {
      const payload = parseProof(sent);
      if (payload === null) return false;
      const { challenge, solution } = payload;
      try {
        const verdict = await verifySolution({ challenge, solution, deriveKey, ...secrets });
        const { signature } = challenge;
        const until = now() + LIFE_MS;
        return verdict.verified && signature !== undefined && used.use(signature, until, now());
      } catch {
        // What is sent may be anything.
        return false;
      }
    },
  };
}

interface Payload {
  challenge: Challenge;
  solution: { counter: number; derivedKey: string };
}

/** Base64 of JSON, as altcha's own widget sends it; null for all else. */
function parseProof(sent: string): Payload | null {
  if (sent === '' || sent.length > MAX_SENT) return null;
  try {
    const payload = JSON.parse(Buffer.from(sent, 'base64').toString('utf8')) as Payload | null;
    const whole = typeof payload?.challenge?.parameters === 'object' && payload.solution;
    return whole ? payload : null;
  } catch {
    return null;
  }
}
