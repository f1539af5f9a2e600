import { countBytes } from '../../domain/text/count.ts';
import { linksIn } from '../../domain/text/links.ts';
import type { TextRefusal, TextRule } from '../../domain/text-rule.ts';

const MAX_LINKS = 5;

/**
 * 500 bytes of UTF-8, every link in full. Its documentation says that of emoji alone; 175 refusals in 90 days of one operator's
 * production (November 2026) say it of every sign. More than five links are refused however short the text.
 * developers.facebook.com/documentation/threads, posts and overview.
 */
export const threadsTextRule: TextRule = {
  platform: 'threads',
  label: 'Threads',
  limit: 500,
  measure: countBytes,
  unit: 'bytes',
  counts:
    'Threads counts bytes of UTF-8: a letter of Cyrillic, Greek, Hebrew or Arabic is two, a typographic quote or dash three, an emoji four and more',
  refuses,
};

/** Whatever may pass for a link counts. */
function refuses(text: string): TextRefusal | null {
  const schemes = text.match(/https?:\/\//gi)?.length ?? 0;
  const links = Math.max(linksIn(text).length, schemes);
  if (links <= MAX_LINKS) return null;
  const message = `Threads takes ${MAX_LINKS} links a post, and here are ${links}; leave some out`;
  return { kind: 'most_links', most: MAX_LINKS, found: links, message };
}
