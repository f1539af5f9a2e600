import { replaceLinks } from '../../domain/text/links.ts';
import { shortenMentions } from './text-rule.ts';

/** Stands for a link, whatever became of it. */
const LINK = '\u0000';
/** Longer than any server makes of a text that fits a campaign. */
const MAX_HTML_LENGTH = 64 * 1024;
/** What a server may add to a text. Characters. */
const MAX_MORE = 1_000;
/** With fewer letters, that only they are the same proves nothing. */
const FEWEST_LETTERS = 10;

/**
 * Whether what a server shows as HTML are the words of this text. Servers make paragraphs of lines, shorten links, take hosts
 * from mentions, and some read signs as markup, so that links count by their place, and otherwise letters and digits decide.
 */
export function isSameText(html: string, text: string): boolean {
  const both = wordsOf(html, text);
  if (!both) return false;
  if (normaliseText(both.shown) === normaliseText(both.wanted)) return true;
  const letters = lettersOf(both.wanted);
  return letters.length >= FEWEST_LETTERS && letters === lettersOf(both.shown);
}

/** Whether a server shows this text as it stands, every sign of it. */
export function isWordForWord(html: string, text: string): boolean {
  const both = wordsOf(html, text);
  return both !== null && normaliseText(both.shown) === normaliseText(both.wanted);
}

/** Null where it is too long to be looked at. */
function wordsOf(html: string, text: string): { shown: string; wanted: string } | null {
  if (html.length > MAX_HTML_LENGTH) return null;
  const plain = plainOf(html);
  // Finding links costs more than it should.
  if (plain.length > 2 * text.length + MAX_MORE) return null;
  return { shown: withoutLinks(plain), wanted: withoutLinks(text) };
}

/** The text of HTML, read once from front to back: it comes from a server that anybody may have named. */
function plainOf(html: string): string {
  let plain = '';
  let anchor: string | null = null;
  const add = (words: string): void => {
    if (anchor === null) plain += words;
    else anchor += words;
  };
  for (let at = 0; at < html.length; ) {
    const open = html.indexOf('<', at);
    const close = open < 0 ? -1 : html.indexOf('>', open);
    add(unescapeHtml(html.slice(at, close < 0 ? html.length : open)));
    if (close < 0) break;
    const tag = /^\/?[a-z0-9]*/i.exec(html.slice(open + 1, open + 12))?.[0].toLowerCase();
    if (tag === 'br' || tag === '/p' || tag === '/div') add('\n');
    if (tag === 'a') anchor = '';
    if (tag === '/a' && anchor !== null) {
      plain += /^\s*[#@]/.test(anchor) ? anchor : LINK;
      anchor = null;
    }
    at = close + 1;
  }
  return plain + (anchor ?? '');
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' },
};

function unescapeHtml(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,5}));/gi,
    (whole, dec, hex, name) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
      const point = Number.parseInt(dec ?? hex, dec === undefined ? 16 : 10);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}

function withoutLinks(text: string): string {
  return replaceLinks(shortenMentions(text), LINK);
}

function normaliseText(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}

/** Where a link ends is seen differently, so that what is written close to one does not count. */
function lettersOf(text: string): string {
  const words = text.normalize('NFKC').split(/\s+/);
  const apart = words.filter((word) => !word.includes(LINK));
  return apart.join('').replace(/[^\p{L}\p{N}]/gu, '');
}
