import { createRequire } from 'node:module';

/** A file of data; it is read as one, since importing JSON is experimental in Node 20. */
const listed = createRequire(import.meta.url)('tlds') as readonly string[];

/** In IANA's root zone since the edition of `tlds` that is installed (October 2025); as of November 2026. */
const NEWER = [
  ...['hotel', 'merck', 'web', '澳门', '臺灣'],
  ...['پاكستان', 'السعوديه', 'السعودیة', 'السعودیۃ', 'ايران', 'سوريا', 'اليمن'],
];

/** In no root zone, and linked by X all the same (RFC 7686). */
const HIDDEN_SERVICE = 'onion';

/** Every ending that the name of a public host can have, in lower case and its own script. */
export const TOP_LEVEL_DOMAINS: readonly string[] = [
  ...new Set([...listed, ...NEWER, HIDDEN_SERVICE]),
];
