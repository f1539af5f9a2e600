import twitterText from 'twitter-text';
import { TOP_LEVEL_DOMAINS } from './top-level-domains.ts';

/** A link in a text, by UTF-16 indices; `text` is what stands there. */
export interface TextLink {
  start: number;
  end: number;
  text: string;
  /** Whether it begins with http:// or https://; a name of the web without that is a link, too. */
  hasScheme: boolean;
}

const { regexen } = twitterText;
/** @types/twitter-text 3.1.10 has its name without the last letter. */
const queryEnd = (regexen as unknown as Record<'validUrlQueryEndingChars', RegExp>)
  .validUrlQueryEndingChars;

/** A longer ending before a shorter one that it begins with: only before Latin letters does the end of one show by itself. */
const ENDING = `(?:(?:${[...TOP_LEVEL_DOMAINS].sort((a, b) => b.length - a.length).join('|')})(?=[^0-9a-zA-Z@+-]|$))`;
const ANY_ENDING = `(?:${ENDING}|${regexen.validPunycode.source})`;
const DOMAIN = `(?:${regexen.validSubdomain.source}*${regexen.validDomainName.source}${ANY_ENDING})`;
const PATH = `\\/${regexen.validUrlPath.source}*`;
const QUERY = `\\?${regexen.validUrlQueryChars.source}*${queryEnd.source}`;

/**
 * twitter-text's own grammar, X's published one, put together from its parts around a newer list of top-level domains: its own is
 * of 2019. github.com/twitter/twitter-text, js/src/regexp/extractUrl.js.
 */
const LINK = new RegExp(
  `(${regexen.validUrlPrecedingChars.source})((https?:\\/\\/)?(${DOMAIN})(?::${regexen.validPortNumber.source})?(${PATH})?(?:${QUERY})?)`,
  'gi',
);
const ASCII_DOMAIN = new RegExp(
  `(?:[-a-z0-9${regexen.latinAccentChars.source}]+\\.)+${ANY_ENDING}`,
  'gi',
);
const LONGEST_LINK = 4_096;

/** The links of a text, in order: what X makes a link, with the top-level domains of this year. */
export function linksIn(text: string): TextLink[] {
  if (!text.includes('.')) return [];
  return [...text.matchAll(LINK)].flatMap((match) => {
    const [, before = '', whole = '', scheme, domain = '', path] = match;
    const start = match.index + before.length;
    if (whole.length > LONGEST_LINK) return [];
    if (scheme !== undefined) return [linkAt(start, withoutMore(whole), true)];
    return regexen.invalidUrlWithoutProtocolPrecedingChars.test(before)
      ? []
      : bareLinks(start, whole, domain, path);
  });
}

function linkAt(start: number, text: string, hasScheme: boolean): TextLink {
  return { start, end: start + text.length, text, hasScheme };
}

/** After the slug of a t.co address nothing belongs to it but a query. */
function withoutMore(link: string): string {
  return regexen.validTcoUrl.exec(link)?.[0] ?? link;
}

/** Without a scheme only names in Latin letters are links; what follows the domain belongs to the last of them. */
function bareLinks(
  start: number,
  whole: string,
  domain: string,
  path: string | undefined,
): TextLink[] {
  const links = [...domain.matchAll(ASCII_DOMAIN)].map((match) =>
    linkAt(start + match.index, match[0], false),
  );
  const last = links.at(-1);
  if (!last || path === undefined) return links;
  const from = last.start - start;
  return [...links.slice(0, -1), linkAt(last.start, whole.slice(from), false)];
}

/** A text with every link replaced by `mark`. */
export function replaceLinks(text: string, mark: string): string {
  let words = '';
  let from = 0;
  for (const { start, end } of linksIn(text)) {
    words += text.slice(from, start) + mark;
    from = end;
  }
  return words + text.slice(from);
}
