import { createHash } from 'node:crypto';
import twitterText from 'twitter-text';
import { withKnownEndings } from '../links.ts';

/** docs.x.com/fundamentals/counting-characters. */
const MAX_WEIGHT = 280;
const URL_WEIGHT = 23;
const REMEMBERED = 10_000;

/** Answers of the full count, which costs tens of microseconds where a campaign repeats one text. */
const known = new Map<string, boolean>();

/**
 * Whether X would take the text as not too long: weighted length at most 280, counted by twitter-text.
 * Most texts are settled by an upper bound that needs no parsing; only the others are counted in full.
 */
export function fits(text: string): boolean {
  if (upperBound(text.normalize('NFC')) <= MAX_WEIGHT) return true;
  const before = known.get(text);
  if (before !== undefined) return before;
  if (known.size >= REMEMBERED) known.clear();
  const answer = twitterText.parseTweet(withKnownEndings(text)).weightedLength <= MAX_WEIGHT;
  known.set(text, answer);
  return answer;
}

/** What is wrong with a text, or null: too long, or more than one cashtag, by whatever reading finds most of them. */
export function textProblem(text: string): string | null {
  if (!fits(text)) return 'Your Tweet text is too long.';
  if (!text.includes('$')) return null;
  const words = text.replace(/(?<![a-z0-9@$#])(?:https?:\/\/|[\w-]+\.[a-z]{2,}\/)\S+/gi, ' ');
  const cashtags = words.match(/(?<![\p{L}\p{N}_$])\$[a-z]{1,6}(?![\p{L}\p{N}])/giu) ?? [];
  return cashtags.length > 1 ? 'Your Tweet has more than one cashtag.' : null;
}

/** Each unit by the weight of its range, and a whole link for every dot, since a link needs one. */
function upperBound(text: string): number {
  let bound = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bound += isLight(unit) ? 1 : 2;
    if (unit === 0x2e) bound += URL_WEIGHT;
  }
  return bound;
}

/** The ranges of weight 1 in twitter-text's configuration, version 3. */
function isLight(unit: number): boolean {
  return (
    unit <= 0x10ff ||
    (unit >= 0x2000 && unit <= 0x200d) ||
    (unit >= 0x2010 && unit <= 0x201f) ||
    (unit >= 0x2032 && unit <= 0x2037)
  );
}

/** Each link in place of a short one, and what stands for what, as X answers. */
export function wrapLinks(text: string): { text: string; urls: WrappedUrl[] } {
  const urls: WrappedUrl[] = [];
  let wrapped = '';
  let from = 0;
  for (const { url, indices } of twitterText.extractUrlsWithIndices(text)) {
    const short = `https://t.co/${shortName(url)}`;
    wrapped += text.slice(from, indices[0]);
    const start = wrapped.length;
    wrapped += short;
    urls.push({ start, end: wrapped.length, url: short, expanded_url: withScheme(url) });
    from = indices[1];
  }
  return { text: wrapped + text.slice(from), urls };
}

export interface WrappedUrl {
  start: number;
  end: number;
  url: string;
  expanded_url: string;
}

/** Ten letters and digits that depend on the address alone. */
function shortName(url: string): string {
  return createHash('sha256').update(url).digest('hex').slice(0, 10);
}

function withScheme(url: string): string {
  return /^https?:\/\//i.test(url) ? url : `http://${url}`;
}
