/** RFC 5321, section 4.5.3.1. */
const MAX_ADDRESS = 254;
const MAX_LOCAL = 64;
/** What mail servers take without quotes (RFC 5322 atext), and letters beyond ASCII, which some take (RFC 6531). */
const LOCAL = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const DOMAIN =
  /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/** An e-mail address as it is kept: trimmed, its domain in ASCII and small letters. Null when it is none. */
export function mailAddress(typed: string): string | null {
  const text = typed.normalize('NFC').trim();
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(0, at));
  const domain = asciiHost(text.slice(at + 1));
  const fits = LOCAL.test(local) && local.length <= MAX_LOCAL && DOMAIN.test(domain);
  const address = `${local}@${domain}`;
  return at > 0 && fits && address.length <= MAX_ADDRESS ? address : null;
}

/** The name of a server as people type it: `mastodon.social`, an address of a page there, or `@me@mastodon.social`. */
export function serverName(typed: string): string | null {
  const text = typed.normalize('NFC').trim();
  const bare = text.replace(/^https?:\/\//i, '').replace(/[/?#].*$/s, '');
  const host = asciiHost(bare.slice(bare.lastIndexOf('@') + 1));
  return DOMAIN.test(host) ? host : null;
}

/** Empty for what is no name of a host. */
function asciiHost(host: string): string {
  if (host === '' || /[\s/\\?#@:[\]%]/.test(host) || !URL.canParse(`https://${host}`)) return '';
  return new URL(`https://${host}`).hostname;
}
