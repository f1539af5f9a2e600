/**
 * Servers that give the same answer again to the same Idempotency-Key: docs.joinmastodon.org/methods/statuses. GoToSocial and
 * snac ignore it, Pixelfed deviates, and what is not known is not relied upon. Names as in nodeinfo.
 */
const KEEPS_KEYS: ReadonlySet<string> = new Set(['mastodon']);
/** Those too that keep keys, but not from the very first moment of a request: seen on Hollo, for an hour. */
const KEEPS_KEYS_LATER: ReadonlySet<string> = new Set(['hollo']);
/** How long a key is kept: an hour, less what clocks and queues may add. */
const KEY_LIFE_MS = 55 * 60_000;

/** Servers that show an account's posts only with `read:statuses`: seen on GoToSocial and Hollo. */
const ASKS_TO_READ: ReadonlySet<string> = new Set(['gotosocial', 'hollo']);

/** How much longer than others a server takes to answer a post: Hollo, about 2 s. Milliseconds. */
const MORE_PATIENCE_MS: ReadonlyMap<string, number> = new Map([['hollo', 10_000]]);
/** The most of it. */
export const MAX_PATIENCE_MS = Math.max(...MORE_PATIENCE_MS.values());

/** Servers whose limits are those of our address, and not of the account: docs.gotosocial.org, throttling and rate limits. */
const LIMITS_ADDRESSES: ReadonlySet<string> = new Set(['gotosocial']);

/**
 * Servers that read every post as Markdown, whatever its `content_type`: seen on Hollo 0.10 (markdown-it, without its HTML and line
 * breaks).
 */
const READS_MARKDOWN: ReadonlySet<string> = new Set(['hollo']);

/** A markup of a server's own, which it reads in every post. */
export type Markup = 'mfm' | 'friendica';

/** Misskey's kin that speak Mastodon's API (Misskey itself does not), and Friendica: neither goes by `content_type`. */
const MARKUP: ReadonlyMap<string, Markup> = new Map([
  ['sharkey', 'mfm'],
  ['firefish', 'mfm'],
  ['calckey', 'mfm'],
  ['catodon', 'mfm'],
  ['iceshrimp', 'mfm'],
  ['iceshrimp.net', 'mfm'],
  ['friendica', 'friendica'],
]);

/** Servers for pictures, films or sound, whose posts cannot be text alone: Pixelfed answers 403 to one. */
const TAKES_NO_TEXT: ReadonlySet<string> = new Set([
  ...['pixelfed', 'vernissage', 'peertube', 'loops', 'funkwhale', 'castopod', 'owncast'],
]);

/** Of a server that does not say what it is. */
export const UNKNOWN_SOFTWARE = 'unknown';

export function keepsKeys(software: string): boolean {
  return KEEPS_KEYS.has(software);
}

/** Whether a post of this age would still be known by its key, were it sent again. */
export function knowsAgain(software: string, ageMs: number): boolean {
  return ageMs < KEY_LIFE_MS && (keepsKeys(software) || KEEPS_KEYS_LATER.has(software));
}

export function asksToRead(software: string): boolean {
  return ASKS_TO_READ.has(software);
}

export function takesNoText(software: string): boolean {
  return TAKES_NO_TEXT.has(software);
}

export function readsMarkdown(software: string): boolean {
  return READS_MARKDOWN.has(software);
}

/** Null for a server that takes a text as it stands, or lets it be escaped. */
export function findMarkup(software: string): Markup | null {
  return MARKUP.get(software) ?? null;
}

/** How long a post to such a server may go unanswered. */
export function patienceFor(software: string, timeoutMs: number): number {
  return timeoutMs + (MORE_PATIENCE_MS.get(software) ?? 0);
}

export function limitsAddresses(software: string): boolean {
  return LIMITS_ADDRESSES.has(software);
}
