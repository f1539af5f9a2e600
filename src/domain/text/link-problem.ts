import { lookalikeHostProblem } from './host-letters.ts';
import { entityIn } from './leftovers.ts';
import { linksIn } from './links.ts';
import { TOP_LEVEL_DOMAINS } from './top-level-domains.ts';

const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
/** Such a character as addresses that are copied from a browser have it. Joiners within Persian words are none of these. */
const UNSEEN_END = /(?:%E2%80%8[BEF]|%E2%81%A0|%EF%BB%BF|%C2%A0|%20)+$/i;
const TWO_SCHEMES = /^https?:\/*https?(?::|\/\/)/i;
/** Names that only a network of one's own knows, though their last part is a public domain. */
const PRIVATE_NAME = /(?:^|\.)home\.arpa\.?$/;

/**
 * What is wrong with an address that people are sent to, or null. It is kept as written, so that it has to be one that every
 * network makes one link of, and one that leads somewhere from everywhere.
 */
export function linkProblem(link: string): string | null {
  return spellingProblem(link) ?? addressProblem(link) ?? wholeProblem(link);
}

/** Signs that no address has, or that it has by accident. */
function spellingProblem(link: string): string | null {
  const unseen = UNSEEN.exec(link)?.[0];
  if (unseen !== undefined)
    return `holds a character that cannot be seen, ${codeOf(unseen)}; remove it`;
  const wrapped = wrappedProblem(link);
  if (wrapped) return wrapped;
  const strange = /[\s\p{Cc}<>"]/u.exec(link);
  if (strange) return strangeSign(strange[0], link.slice(0, strange.index));
  const end = UNSEEN_END.exec(link)?.[0];
  if (end !== undefined) return `ends in ${end}, which cannot be seen; remove it`;
  if (link.includes('\\')) return 'holds a backslash; write / in its place';
  const entity = entityIn(link);
  if (entity) return `holds "${entity.found}", which is HTML; write "${entity.means}"`;
  return TWO_SCHEMES.test(link) ? 'begins with https:// twice; remove one' : null;
}

/** Opens what is wrapped around an address, as mails, Markdown and other languages have it, or is a word before it. */
const AROUND = /^(?!https?:)[\s\S]/i;

/** An address with something before it: within < >, brackets or quotation marks, as a link of Markdown, behind a word. */
function wrappedProblem(link: string): string | null {
  const [inner, ...more] = AROUND.test(link) ? linksIn(link) : [];
  if (inner === undefined || !/^https:\/\//i.test(inner.text) || linkProblem(inner.text) !== null) {
    return null;
  }
  const addresses = new Set([inner, ...more].map(({ text }) => text));
  return addresses.size > 1
    ? 'holds more than one address; write one of them, and nothing else'
    : `holds more than the address; write ${inner.text} alone`;
}

/** Which sign it is, what stands before it, and how it is written in an address. */
function strangeSign(sign: string, before: string): string {
  const named = /[<>"]/.test(sign) ? sign : codeOf(sign);
  const what = /^[^\S\r\n]$/u.test(sign) ? `a blank (${named})` : `${named}, which no address has,`;
  const inPath = /^https?:\/\/[^/?#]+[/?#]/i.test(before);
  const isWritten = inPath && !/[\p{Cc}\u2028\u2029]/u.test(sign);
  const mend = isWritten ? `write it as ${encodeURIComponent(sign)}, or remove it` : 'remove it';
  return `holds ${what} after "${before.slice(-60)}"; ${mend}`;
}

function codeOf(sign: string): string {
  return `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function addressProblem(link: string): string | null {
  if (!URL.canParse(link)) return `"${link}" is not an address; write ${withScheme(link)}`;
  const url = new URL(link);
  if (url.username !== '' || url.password !== '')
    return 'carries a user name or password; remove it';
  const problem = /^https?:$/.test(url.protocol) ? hostProblem(url.hostname) : null;
  if (problem) return problem;
  const lookalike = lookalikeHostProblem(link);
  if (lookalike) return lookalike;
  return url.protocol === 'https:'
    ? null
    : `"${link}" is not an https address; write it with https://`;
}

/** The same with the scheme that was left out or written wrongly, where that makes an address of it. */
function withScheme(link: string): string {
  const better = `https://${link.replace(/^[a-z]*:?\/+/i, '')}`;
  const isBetter = better !== link && URL.canParse(better) && linkProblem(better) === null;
  return isBetter ? better : 'it as https://example.org/page';
}

/** What is wrong with an address behind words that a page shows: it leads nowhere from outside. Null of one that may. */
export function deadEndProblem(href: string): string | null {
  if (!/^https?:/i.test(href)) return null;
  if (TWO_SCHEMES.test(href)) return 'begins with https:// twice; remove one';
  return URL.canParse(href) ? hostProblem(new URL(href).hostname) : null;
}

/** `host`: as URL gives it, in lower case and punycode. */
function hostProblem(host: string): string | null {
  if (host.startsWith('[') || /^[\d.]+$/.test(host)) {
    return `leads to a number, ${host}, and not to a name; write the name of the site`;
  }
  const odd = /[^a-z0-9._-]/.exec(host)?.[0];
  if (odd !== undefined)
    return `leads to "${host}", and no name of a site has "${odd}" in it; ${SITE_NAME}`;
  const ending = host.replace(/\.$/, '').split('.').at(-1) ?? '';
  if (!host.includes('.') || ending === host.replace(/\.$/, '')) {
    return `leads to "${host}", a name without a dot, which nobody else can reach; write the whole name, such as example.org`;
  }
  const isKnown = ending.startsWith('xn--') || TOP_LEVEL_DOMAINS.includes(ending);
  if (isKnown && !PRIVATE_NAME.test(host)) return null;
  return `leads to "${host}", which is no public name: nothing on the internet ends in .${ending}; write the public one`;
}

const SITE_NAME =
  'letters, digits and single dots are taken, and hyphens within; look at the address once more';

/** What is wrong with the name of a site that no network makes a link of, or null. `host`: as URL gives it. */
function siteNameProblem(host: string): string | null {
  const said = `leads to "${host}", which cannot be the name of a site: `;
  for (const part of host.replace(/\.$/, '').split('.')) {
    if (part === '') return `${said}there is nothing between two dots or before one; ${SITE_NAME}`;
    if (part.length > 63) return `${said}a part of it has more than 63 letters; ${SITE_NAME}`;
    if (/^-|-$/.test(part)) return `${said}a hyphen begins or ends a part of it; ${SITE_NAME}`;
    if (part.includes('_')) return `${said}it has "_" in it; ${SITE_NAME}`;
  }
  return null;
}

/** The networks look for links in a text, each for itself: what they do not find whole leads elsewhere, or nowhere. */
function wholeProblem(link: string): string | null {
  if (isWhole(link)) return null;
  const found = linksIn(link)[0]?.text;
  const name = found === undefined ? siteNameProblem(new URL(link).hostname) : null;
  if (name) return name;
  const better = betterThan(link, found ?? '');
  const mend =
    better === undefined ? 'write it with percent signs for what is unusual' : `write ${better}`;
  return found === undefined
    ? `"${link}" is not a link to the networks; ${mend}`
    : `the networks would make a link of "${found}" alone; ${mend}`;
}

/** What may be meant: the same in percent signs, or without the punctuation that came along. Undefined: nothing to offer. */
function betterThan(link: string, found: string): string | undefined {
  const { href } = new URL(link);
  const escaped = href.replace(
    /[()[\]!*',;~$^`|]|%(?![0-9A-Fa-f]{2})/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const undotted = link.replace(/^(https:\/\/[^/?#:]*[^/?#:.])\.(?=[/?#:]|$)/i, '$1');
  const cut = link.startsWith(found) && cameAlong(link, link.slice(found.length)) ? [found] : [];
  return [
    ...(href === link ? [] : [href]),
    ...(undotted === link ? cut : [undotted]),
    escaped,
  ].find(isWhole);
}

/** Whether the end of an address is punctuation of the sentence it was copied from: no bracket of it was opened within the address. */
function cameAlong(link: string, end: string): boolean {
  if (!/^[.,;:!?…\p{Pe}\p{Pf}'"]*$/u.test(end)) return false;
  const count = (sign: string) => link.split(sign).length;
  return ['()', '[]'].every(
    ([open = '', close = '']) => !end.includes(close) || count(open) < count(close),
  );
}

function isWhole(link: string): boolean {
  const [first, ...more] = linksIn(link);
  const isKept = link.normalize('NFC') === link;
  return isKept && first !== undefined && more.length === 0 && first.text === link;
}
