import { countBytes, countGraphemes } from '../../domain/text/count.ts';
import { hashtagsIn } from '../../domain/text/hashtags.ts';
import { linksIn, type TextLink } from '../../domain/text/links.ts';

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

const MAX_TAG_GRAPHEMES = 64;
const MAX_TAG_BYTES = 640;

/**
 * Links and hashtags of a text: without facets they would be plain text on Bluesky. Names of accounts stay plain text, since
 * a mention sends a notice to a person who did not ask for one.
 */
export function findFacets(text: string): Facet[] {
  const links = linksIn(text);
  const bytes = createByteIndex(text);
  return [...links.flatMap(linkPart), ...tagParts(text, links)]
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, feature }) => ({
      index: { byteStart: bytes(start), byteEnd: bytes(end) },
      features: [feature],
    }));
}

/** An address with its scheme, or a name of the web without one. */
function linkPart({ start, end, text, hasScheme }: TextLink): Part[] {
  const address = hasScheme ? text : `https://${text}`;
  if (!URL.canParse(address)) return [];
  const feature = { $type: 'app.bsky.richtext.facet#link' as const, uri: new URL(address).href };
  return [{ start, end, feature }];
}

function tagParts(text: string, links: readonly TextLink[]): Part[] {
  return hashtagsIn(text, links)
    .filter(({ tag }) => !isLong(tag))
    .map(({ start, end, tag }) => {
      const feature = { $type: 'app.bsky.richtext.facet#tag' as const, tag };
      return { start, end, feature };
    });
}

function isLong(tag: string): boolean {
  return countGraphemes(tag) > MAX_TAG_GRAPHEMES || countBytes(tag) > MAX_TAG_BYTES;
}

function createByteIndex(text: string): (index: number) => number {
  return (index) => countBytes(text.slice(0, index));
}
