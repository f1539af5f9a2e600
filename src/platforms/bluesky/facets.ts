import twitterText from 'twitter-text';

/** A part of a text that is more than text; lexicons/app/bsky/richtext/facet.json. Indices are bytes of UTF-8. */
export interface Facet {
  index: { byteStart: number; byteEnd: number };
  features: [
    | { $type: 'app.bsky.richtext.facet#link'; uri: string }
    | { $type: 'app.bsky.richtext.facet#tag'; tag: string },
  ];
}

/** A part of a text by UTF-16 indices. */
interface Part {
  start: number;
  end: number;
  feature: Facet['features'][0];
}

const LONGEST_TAG_GRAPHEMES = 64;
const LONGEST_TAG_BYTES = 640;
const ADDRESS = /(?<![\p{L}\p{N}_])https?:\/\/[^\s<>"]+/giu;
/** What ends a sentence, or closes what was opened before an address or a tag, is none of it. */
const CLOSING = /[\p{P}\p{S}]+$/u;
const TAG = /(?<=^|[\s([])[#＃]([^\s#＃\p{Cf}]+)/gu;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Links and hashtags of a text: without facets they would be plain text on Bluesky. Names of accounts stay plain text, since
 * a mention sends a notice to somebody who did not ask for one.
 */
export function facetsOf(text: string): Facet[] {
  const links = linksIn(text);
  const tags = tagsIn(text).filter((tag) => !links.some((link) => overlaps(link, tag)));
  const bytes = createByteIndex(text);
  return [...links, ...tags]
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, feature }) => ({
      index: { byteStart: bytes(start), byteEnd: bytes(end) },
      features: [feature],
    }));
}

/** Addresses with a scheme, and names of the web without one. */
function linksIn(text: string): Part[] {
  const whole = [...text.matchAll(ADDRESS)].flatMap(({ 0: match, index }) =>
    linkAt(index, withoutClosing(match), ''),
  );
  const bare = twitterText
    .extractUrlsWithIndices(text)
    .filter(({ url }) => !/^https?:/i.test(url))
    .flatMap(({ url, indices }) => linkAt(indices[0], url, 'https://'))
    .filter((part) => !whole.some((link) => overlaps(link, part)));
  return [...whole, ...bare];
}

function linkAt(start: number, address: string, scheme: string): Part[] {
  if (!URL.canParse(scheme + address)) return [];
  const uri = new URL(scheme + address).href;
  const feature = { $type: 'app.bsky.richtext.facet#link' as const, uri };
  return [{ start, end: start + address.length, feature }];
}

/** Without the punctuation after it, but with a bracket or slash that belongs to it. */
function withoutClosing(address: string): string {
  let kept = address;
  for (;;) {
    const last = kept.at(-1) ?? '';
    const isOpen = last === ')' && count(kept, '(') >= count(kept, ')');
    if (isOpen || !/[.,;:!?'’”»)\]}…。、！？]/u.test(last)) return kept;
    kept = kept.slice(0, -1);
  }
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1;
}

function tagsIn(text: string): Part[] {
  return [...text.matchAll(TAG)].flatMap((match) => {
    const tag = (match[1] as string).replace(CLOSING, '');
    // A sign of its own, such as the key # with its frame; or a number, as in "#1".
    if (tag.startsWith('\ufe0f') || !/[^\d\p{P}\p{S}]/u.test(tag) || isLong(tag)) return [];
    const feature = { $type: 'app.bsky.richtext.facet#tag' as const, tag };
    return [{ start: match.index, end: match.index + 1 + tag.length, feature }];
  });
}

function isLong(tag: string): boolean {
  const length = [...graphemes.segment(tag)].length;
  return length > LONGEST_TAG_GRAPHEMES || Buffer.byteLength(tag) > LONGEST_TAG_BYTES;
}

function overlaps(a: Part, b: Part): boolean {
  return a.start < b.end && b.start < a.end;
}

function createByteIndex(text: string): (index: number) => number {
  return (index) => Buffer.byteLength(text.slice(0, index));
}
