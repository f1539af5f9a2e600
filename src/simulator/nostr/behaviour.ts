/** What can be set about the simulated relays alone. */
export interface NostrBehaviour {
  /** How far their clock is ahead of the true time; below zero it is behind. */
  clockOffsetSeconds: number;
  /** Events that are older by their clock are refused: NIP-11, `created_at_lower_limit`. */
  oldestSeconds: number;
}

export function defaultNostr(): NostrBehaviour {
  return { clockOffsetSeconds: 0, oldestSeconds: 94_608_000 };
}
