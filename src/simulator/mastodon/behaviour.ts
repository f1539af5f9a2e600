/** What a server does with an Idempotency-Key; see `statuses.ts`. */
export const IDEMPOTENCY = ['kept', 'race', 'error500OnRepeat', 'ignored'] as const;

/** A redirect of everything, one of host-meta alone, host-meta as XRD or JSON, and webfinger of an account. */
export const POINTERS = [
  'redirect',
  'hostMetaRedirect',
  'hostMeta',
  'hostMetaJson',
  'webfinger',
] as const;

/** What a text can be read as. */
export const FORMATS = ['plain', 'markdown'] as const;

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
  /** Nothing of anybody is shown to who is not let in: Mastodon's DISALLOW_UNAUTHENTICATED_API_ACCESS. */
  closed: boolean;
  /** Without a login it does not tell what it is: Mastodon's limited federation mode. */
  limitedFederation: boolean;
  /** The address of the server that people log in to, where this is only the domain that they are known by; null: it is both. */
  elsewhere: string | null;
  /** How it points there. */
  pointsBy: (typeof POINTERS)[number];
  /** What a post without `content_type` is read as: an account's own setting, on servers whose people may write Markdown. */
  defaultFormat: (typeof FORMATS)[number];
  /** How late a post is answered; null: as late as this software is. */
  lateMs: number | null;
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
    closed: false,
    limitedFederation: false,
    elsewhere: null,
    pointsBy: 'redirect',
    defaultFormat: 'plain',
    lateMs: null,
    gatewayStatus: 502,
  };
}

/** What is known of other software: as seen on running servers (GoToSocial 0.19, Hollo 0.10), else by its source. */
interface Kind {
  /** An account's posts are shown only to tokens with `read:statuses`. */
  asksToRead: boolean;
  ignoresKeys: boolean;
  /** A suspended account's token may not even read. */
  endsTokens: boolean;
  /** It takes no post without a picture or the like. */
  wantsMedia: boolean;
  /** It goes by a post's `content_type`, and without one by the account's setting. */
  takesFormat: boolean;
  /** As what it reads every text, whatever its `content_type`. */
  reads: 'text' | 'markdown' | 'mfm' | 'friendica';
  /** Answers posts so late. */
  lateMs: number;
}

const MASTODON: Kind = {
  asksToRead: false,
  ignoresKeys: false,
  endsTokens: false,
  wantsMedia: false,
  takesFormat: false,
  reads: 'text',
  lateMs: 0,
};
const PLEROMA: Kind = { ...MASTODON, endsTokens: true, takesFormat: true };
const KINDS: Readonly<Record<string, Kind>> = {
  gotosocial: {
    ...MASTODON,
    ...{ asksToRead: true, ignoresKeys: true, endsTokens: true, takesFormat: true },
  },
  pleroma: PLEROMA,
  akkoma: PLEROMA,
  pixelfed: { ...MASTODON, ignoresKeys: true, wantsMedia: true },
  hometown: { ...MASTODON, takesFormat: true },
  sharkey: { ...MASTODON, ignoresKeys: true, endsTokens: true, reads: 'mfm' },
  firefish: { ...MASTODON, ignoresKeys: true, endsTokens: true, reads: 'mfm' },
  'iceshrimp.net': { ...MASTODON, ignoresKeys: true, reads: 'mfm' },
  friendica: { ...MASTODON, ignoresKeys: true, reads: 'friendica' },
  hollo: { ...MASTODON, asksToRead: true, reads: 'markdown', lateMs: 2_000 },
};

/** How the server behaves, by its software. */
export function kindOf({ software }: Pick<MastodonBehaviour, 'software'>): Kind {
  return KINDS[software] ?? MASTODON;
}
