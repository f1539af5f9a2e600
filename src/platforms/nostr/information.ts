import type { NostrEvent } from 'nostr-tools/pure';
import type { HttpClient } from '../../outbound/http-client.ts';

/** What keeps a relay from taking an event, by the names of NIP-11. */
export const DEMANDS = [
  'auth_required',
  'payment_required',
  'restricted_writes',
  'min_pow_difficulty',
  'max_content_length',
] as const;
export type Demand = (typeof DEMANDS)[number];

/** Reads what relays tell of themselves: the information document, NIP-11. */
export interface Information {
  /** Why this relay will not take this event; null where it says nothing against it, or nothing at all. Never rejects. */
  demandOf(relay: string, event: Judged): Promise<Demand | null>;
}

/** What of an event a relay may find fault with beforehand. */
type Judged = Pick<NostrEvent, 'id' | 'content'>;

type Limitation = Readonly<Record<string, unknown>>;

/** Preflight asks for every event, and no relay for each of them. */
const LIFE_MS = 30_000;

export function createInformation(http: HttpClient): Information {
  const known = new Map<string, { until: number; limitation: Promise<Limitation> }>();
  const limitationOf = (relay: string): Promise<Limitation> => {
    const entry = known.get(relay);
    if (entry && performance.now() < entry.until) return entry.limitation;
    const limitation = readLimitation(http, relay).catch(() => ({}));
    known.set(relay, { until: performance.now() + LIFE_MS, limitation });
    return limitation;
  };
  return {
    demandOf: async (relay, event) => unmetDemand(await limitationOf(relay), event),
  };
}

async function readLimitation(http: HttpClient, relay: string): Promise<Limitation> {
  const url = relay.replace(/^ws/, 'http');
  const headers = { accept: 'application/nostr+json' };
  const { status, body } = await http.request({ method: 'GET', url, headers });
  if (status !== 200) return {};
  const document = JSON.parse(body) as { limitation?: unknown } | null;
  const limitation = document?.limitation;
  return typeof limitation === 'object' && limitation !== null ? (limitation as Limitation) : {};
}

function unmetDemand(limitation: Limitation, { id, content }: Judged): Demand | null {
  const { min_pow_difficulty: work, max_content_length: longest } = limitation;
  if (typeof work === 'number' && leadingZeros(id) < work) return 'min_pow_difficulty';
  if (typeof longest === 'number' && longest > 0 && [...content].length > longest) {
    return 'max_content_length';
  }
  const whom = ['auth_required', 'payment_required', 'restricted_writes'] as const;
  const demand = whom.find((name) => limitation[name] === true);
  // Where work is all that a relay restricts writing by, it has been done.
  const isWorkAlone = demand === 'restricted_writes' && typeof work === 'number' && work > 0;
  return isWorkAlone ? null : (demand ?? null);
}

/** Leading zero bits of an event's id: its work, NIP-13. */
export function leadingZeros(id: string): number {
  const digits = /^0*/.exec(id)?.[0].length ?? 0;
  const next = Number.parseInt(id[digits] ?? '8', 16);
  return 4 * digits + (Math.clz32(next) - 28);
}
