import type { FastifyRequest } from 'fastify';

/** All our addresses end in a letter, a digit, `_` or `-`: what follows was taken along from a text, such as its full stop. */
const TAKEN_ALONG = /[^\p{L}\p{M}\p{N}_-]+$/u;
/** What was meant by something at the end of an address. */
export function withoutTakenAlong(written: string): string {
  return written.replace(TAKEN_ALONG, '');
}

/** Longer than any address of ours. */
const PATH_LIMIT = 300;

/**
 * The address that was probably meant by one at which there is nothing: without punctuation or a slash at its end, and with the
 * campaign's slug in lower case. Null where that is the same address, or the method is not GET or HEAD.
 */
export function mendedAddress({
  method,
  url,
}: Pick<FastifyRequest, 'method' | 'url'>): string | null {
  if (method !== 'GET' && method !== 'HEAD') return null;
  const [path = '', query] = url.split(/\?(.*)/s);
  const mended = mendedPath(path);
  return mended === null ? null : mended + (query === undefined ? '' : `?${query}`);
}

/** The same of the path of an address, as it is written there. */
export function mendedPath(written: string): string | null {
  const path = decoded(written);
  // A control character is no slip of copying.
  if (path === null || path.length > PATH_LIMIT || /\p{Cc}/u.test(path)) return null;
  const mended = withoutTakenAlong(path).replace(/^\/c\/[^/]+/i, (campaign) =>
    campaign.toLowerCase(),
  );
  // Two slashes at its beginning would lead to another server.
  if (mended === path || !/^\/[^/\\]/.test(mended)) return null;
  return encodeURI(mended);
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
