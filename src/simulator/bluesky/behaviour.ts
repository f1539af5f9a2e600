/** What a server says that is not so. `account`: in token answers and sessions, another account; `issuer`: another server. */
export const LIES = ['none', 'account', 'issuer'] as const;

/** What a pushed authorization request can be refused with: RFC 9126 2.3, RFC 6749 5.2, RFC 7591 3.2.2. */
export const PUSH_REFUSALS = [
  'none',
  'invalid_client',
  'invalid_client_metadata',
  'invalid_redirect_uri',
  'invalid_request',
  'invalid_scope',
  'server_error',
  'temporarily_unavailable',
  'unauthorized_client',
] as const;

/** What the resolver of handles does: answer, fail behind a gateway with 502, or resolve each handle to another account. */
export const RESOLVERS = ['right', 'gateway', 'stranger'] as const;

/** What can be set about the simulated PDS alone. */
export interface BlueskyBehaviour {
  /** After how long a DPoP nonce is replaced; it is accepted for as long again; 3 minutes on the PDS. */
  nonceLifeSeconds: number;
  /** The server that documents of accounts name; '': this one. */
  serverUrl: string;
  lie: (typeof LIES)[number];
  /** Says of an account that is taken down that it is; PDS 0.5.35 ends its tokens instead, as of one that is deleted. */
  namesTakedown: boolean;
  resolver: (typeof RESOLVERS)[number];
  /** It refuses pushed requests so; for `invalid_scope` only those with a granular permission, as servers of before 2025 do. */
  refusesPush: (typeof PUSH_REFUSALS)[number];
}

export function defaultBluesky(): BlueskyBehaviour {
  return {
    nonceLifeSeconds: 180,
    serverUrl: '',
    lie: 'none',
    namesTakedown: true,
    resolver: 'right',
    refusesPush: 'none',
  };
}
