/**
 * Servers that give the same answer again to the same Idempotency-Key: docs.joinmastodon.org/methods/statuses. GoToSocial and
 * snac ignore it, Pixelfed deviates, and what is not known is not relied upon. Names as in nodeinfo.
 */
const KEEPS_KEYS: ReadonlySet<string> = new Set(['mastodon']);

/** Servers whose limits are those of our address, and not of the account: docs.gotosocial.org, throttling and rate limits. */
const LIMITS_ADDRESSES: ReadonlySet<string> = new Set(['gotosocial']);

/** Of a server that does not say what it is. */
export const UNKNOWN_SOFTWARE = 'unknown';

export function keepsKeys(software: string): boolean {
  return KEEPS_KEYS.has(software);
}

export function limitsAddresses(software: string): boolean {
  return LIMITS_ADDRESSES.has(software);
}
