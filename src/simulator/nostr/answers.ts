import type { SimulatedRefusal } from '../behaviour.ts';

/** An answer to an event, NIP-01: whether it was taken, and a message that begins with a word for programs. */
export interface Verdict {
  taken: boolean;
  message: string;
  /** How the record counts it: an HTTP status, since the record has those for every platform. */
  status: number;
}

export const TAKEN: Verdict = { taken: true, message: '', status: 200 };
export const DUPLICATE: Verdict = {
  taken: true,
  message: 'duplicate: already have this event',
  status: 409,
};

/** `word`: one of NIP-01's, or NIP-42's. */
export function refusal(word: string, why: string, status: number): Verdict {
  return { taken: false, message: `${word}: ${why}`, status };
}

/** The answers that can be forced; what a relay has no answer of its own for, as the nearest it has. Null: it says nothing. */
export function forced(name: SimulatedRefusal): Verdict | null {
  switch (name) {
    case 'status200Html':
      return null;
    case 'status400InvalidGrant':
      return refusal('invalid', 'the event is not valid', 400);
    case 'status401':
      return refusal('auth-required', 'this relay takes events from those it knows', 401);
    case 'status402':
      return refusal('restricted', 'this relay takes events from those who pay', 402);
    case 'status403Forbidden':
    case 'status403NotPermitted':
      return refusal('restricted', 'not permitted', 403);
    case 'status403Locked':
    case 'status403Suspended':
      return refusal('blocked', 'this author is banned here', 403);
    case 'status429App':
    case 'status429User':
      return refusal('rate-limited', 'slow down there chief', 429);
    case 'status500':
    case 'status502':
    case 'status503':
      return refusal('error', 'could not connect to the database', 500);
  }
}
