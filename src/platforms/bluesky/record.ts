import { createHash } from 'node:crypto';
import { type Facet, findFacets } from './facets.ts';

/** What a post is on Bluesky; lexicons/app/bsky/feed/post.json. */
export interface PostRecord {
  $type: 'app.bsky.feed.post';
  text: string;
  createdAt: string;
  langs?: string[];
  facets?: Facet[];
}

export const COLLECTION = 'app.bsky.feed.post';
/** atproto.com/specs/tid: base32, in the order of its letters. */
const LETTERS = '234567abcdefghijklmnopqrstuvwxyz';
const TID_LENGTH = 13;
const CLOCK_ID_BITS = 10n;

/** The post of a campaign: the same for the same words, however often it is made. */
export function postRecord(text: string, locale: string, moment: Date): PostRecord {
  const facets = findFacets(text);
  return {
    $type: COLLECTION,
    text,
    createdAt: moment.toISOString(),
    ...(locale !== '' && { langs: [locale] }),
    ...(facets.length > 0 && { facets }),
  };
}

/**
 * The record key of a post, always the same, so that it cannot be made twice: a TID (atproto.com/specs/tid) of a microsecond in
 * the second of the moment and of ten bits more, both out of the post's key.
 */
export function recordKey(postKey: string, moment: Date): string {
  const digest = createHash('sha256').update(postKey).digest();
  const second = BigInt(Math.floor(moment.getTime() / 1_000));
  const micros = second * 1_000_000n + BigInt(digest.readUInt32BE(0) % 1_000_000);
  let rest = (micros << CLOCK_ID_BITS) | BigInt(digest.readUInt16BE(4) & 0x3ff);
  let key = '';
  for (let i = 0; i < TID_LENGTH; i++) {
    key = (LETTERS[Number(rest & 31n)] as string) + key;
    rest >>= 5n;
  }
  return key;
}

/** A record's name in the network. */
export function recordUri(did: string, key: string): string {
  return `at://${did}/${COLLECTION}/${key}`;
}
