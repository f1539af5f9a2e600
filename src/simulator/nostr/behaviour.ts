/** What a relay may want of everybody: NIP-11 `limitation`, with the names that it has there. */
export const DEMAND_KINDS = [
  'none',
  'auth_required',
  'payment_required',
  'restricted_writes',
  'min_pow_difficulty',
] as const;
/** Leading zero bits of an event's id (NIP-13), where a relay wants work. */
export const WANTED_WORK = 28;

/** What can be set about the simulated relays alone. */
export interface NostrBehaviour {
  /** How far their clock is ahead of the true time; below zero it is behind. */
  clockOffsetSeconds: number;
  /** Events that are older by their clock are refused: NIP-11, `created_at_lower_limit`. */
  oldestSeconds: number;
  demand: (typeof DEMAND_KINDS)[number];
  /** Which relays want it, by their paths; none: all. */
  demandAt: string[];
}

export function defaultNostr(): NostrBehaviour {
  return { clockOffsetSeconds: 0, oldestSeconds: 94_608_000, demand: 'none', demandAt: [] };
}
