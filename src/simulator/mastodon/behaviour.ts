/** What a server does with an Idempotency-Key; see `statuses.ts`. */
export const IDEMPOTENCY = ['kept', 'race', 'error500OnRepeat', 'ignored'] as const;

/** What sets one Mastodon-like server apart from another. */
export interface MastodonBehaviour {
  idempotency: (typeof IDEMPOTENCY)[number];
  /** How long a key is kept: an hour, docs.joinmastodon.org/methods/statuses. */
  keyLifeSeconds: number;
  /** With `race`, how long after its first request a key still counts for nothing. */
  raceSeconds: number;
  maxCharacters: number;
  reservedPerUrl: number;
  /** Before 4.3 there is no metadata of OAuth, before 4.0 no /api/v2/instance. */
  version: string;
  /** As nodeinfo has it; `snac` has neither of the two. */
  software: string;
  /** What the gateway before the server says for the faults called 502. */
  gatewayStatus: 502 | 504;
}

export function defaultMastodon(): MastodonBehaviour {
  return {
    idempotency: 'kept',
    keyLifeSeconds: 3_600,
    raceSeconds: 2,
    maxCharacters: 500,
    reservedPerUrl: 23,
    version: '4.5.0',
    software: 'mastodon',
    gatewayStatus: 502,
  };
}
