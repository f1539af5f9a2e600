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

/** Sorted by their first letters, since they are looked for behind each full stop. */
const ENDINGS = [...new Set(TOP_LEVEL_DOMAINS.map((name) => name.charAt(0)))].map(
  (first) => `${first}(?:${restsAfter(first).join('|')})`,
);
const ANY_ENDING = `(?:(?:(?:${ENDINGS.join('|')})(?=[^0-9a-zA-Z@+-]|$))|${regexen.validPunycode.source})`;

/** A longer ending before a shorter one that it begins with: only before Latin letters does the end of one show by itself. */
function restsAfter(first: string): string[] {
  return TOP_LEVEL_DOMAINS.filter((name) => name.startsWith(first))
    .map((name) => name.slice(1))
    .sort((a, b) => b.length - a.length);
}

/** In the letters that DNS has: RFC 1035, 2.3.4. */
const MAX_LABEL = 63;
/**
 * More are in no name that people write. Without these two bounds the time that it takes to find links in a text without blanks
 * grows with the square of its length.
 */
const MAX_SUBDOMAINS = 20;
const SIGN = regexen.validDomainChars.source;
const DOMAIN = `(?:${labelWith('[_-]')}{0,${MAX_SUBDOMAINS}}${labelWith('-')}${ANY_ENDING})`;

/** One part of a domain and the full stop behind it. */
function labelWith(joint: string): string {
  return `(?:(?:${SIGN}(?:${joint}|${SIGN}){0,${MAX_LABEL - 2}})?${SIGN}\\.)`;
}

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
const MAX_LINK_LENGTH = 4_096;

/** The links of a text, in order: what X makes a link, with the top-level domains of this year. */
export function linksIn(text: string): TextLink[] {
  // No link goes over a blank, and none is without a full stop inside: most of a text need not be looked through.
  return [...text.matchAll(/\S+/g)].flatMap(({ 0: word, index }) => {
    if (!/\.[^.]/.test(word)) return [];
    // With the character before it, which decides whether a link may begin there.
    const from = Math.max(0, index - 1);
    return linksBetween(text.slice(from, index + word.length), from);
  });
}

/** The links of a part of a text which begins at `from`. */
function linksBetween(part: string, from: number): TextLink[] {
  return [...part.matchAll(LINK)].flatMap((match) => {
    const [, before = '', whole = '', scheme, domain = '', path] = match;
    const start = from + match.index + before.length;
    if (whole.length > MAX_LINK_LENGTH || !isName(domain)) return [];
    if (scheme !== undefined) return [linkAt(start, withoutMore(whole), true)];
    return regexen.invalidUrlWithoutProtocolPrecedingChars.test(before)
      ? []
      : bareLinks(start, whole, domain, path);
  });
}

/** Whether each part of it can be in DNS, as twitter-text looks at it. */
function isName(domain: string): boolean {
  if (domain.startsWith('xn--') && !domain.match(ASCII_DOMAIN)) return false;
  return domain.split('.').every(isLabel);
}

/** Of other letters twitter-text knows how long they are in DNS: with an ending of its list it says by itself. */
function isLabel(label: string): boolean {
  if (/^[\x21-\x7e]*$/.test(label)) return label.length <= MAX_LABEL;
  return twitterText.extractUrls(`https://${label}.example.com`).length > 0;
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
