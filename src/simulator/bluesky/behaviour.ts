/** What a server says that is not so. `account`: in token answers and sessions, another account; `issuer`: another server. */
export const LIES = ['none', 'account', 'issuer'] as const;

/** What can be set about the simulated PDS alone. */
export interface BlueskyBehaviour {
  /** A DPoP nonce is replaced after so long, and taken for as long again; 3 minutes on the PDS. */
  nonceLifeSeconds: number;
  /** The server that documents of accounts name; '': this one. */
  serverUrl: string;
  lie: (typeof LIES)[number];
  /** Says of an account that is taken down that it is; PDS 0.5.35 ends its tokens instead, as of one that is deleted. */
  namesTakedown: boolean;
}

export function defaultBluesky(): BlueskyBehaviour {
  return { nonceLifeSeconds: 180, serverUrl: '', lie: 'none', namesTakedown: true };
}
