import { hashtagsIn } from '../../domain/text/hashtags.ts';
import { linksIn } from '../../domain/text/links.ts';
import { findMarkup, type Markup } from './software.ts';
import { mentionsIn } from './text-rule.ts';

/** Stand for a link, and for a hashtag or a mention, whose own signs mean nothing else. */
const LINK = '\u0001';
const WORD = '\u0002';

/** github.com/misskey-dev/mfm.js, docs/syntax.md and src/internal/parser.ts. */
const MFM: readonly RegExp[] = [
  /`/,
  /\*[a-z0-9 \t\u3000]+\*/i,
  /\*\*[\s\S]+\*\*/,
  /(?<![a-z0-9])_[a-z0-9 \t\u3000]+_/i,
  /~~[^\n]+~~/,
  /<(?:b|i|s|small|center|plain)>/,
  new RegExp(`<${LINK}>|\\[[^\\]\\n]+\\]\\(<?${LINK}`),
  /\$\[[a-z0-9_]/i,
  /^>/m,
  /\\[([]/,
  // A name of a custom emoji; what has digits alone is a time.
  /:(?=[0-9]*[a-z_+-])[a-z0-9_+-]+:/i,
  // A line that ends so becomes a field for searching.
  /[ \t\u3000]\[?(?:search|検索)\]?$/im,
];

/**
 * Friendica reads Markdown first (github.com/friendica/friendica, src/Module/Api/Mastodon/Statuses.php: `Markdown::toBBCode`, whatever
 * the `content_type`), and the rest as BBCode. What either may read is named broadly: the two work on each other's results.
 */
const FRIENDICA: readonly RegExp[] = [
  /[*`<>[\]\\|~]/,
  /_[^\s]|[^\s]_/,
  /&#?\w+;/,
  /^(?: {4}|\t)/m,
  /^ {0,3}(?:#|(?:\d+[.)]|[-+:])(?:[ \t]|$)|=+[ \t]*$|-{2,}[ \t]*$)/m,
  / {2}$/m,
  // Blank lines are joined to one.
  /\n[^\S\n]*\n[^\S\n]*\n/,
];

const SIGNS: Readonly<Record<Markup, readonly RegExp[]>> = { mfm: MFM, friendica: FRIENDICA };

/**
 * Whether a server of this software would read signs of a text as formatting, and so show it otherwise than it stands, with no way to
 * tell it not to. Rather too often than too seldom.
 */
export function readsAsMarkup(software: string, text: string): boolean {
  const markup = findMarkup(software);
  if (markup === null) return false;
  const rest = withoutPieces(text.replace(/\r\n?/g, '\n'));
  return SIGNS[markup].some((sign) => sign.test(rest));
}

function withoutPieces(text: string): string {
  const links = linksIn(text).filter(({ hasScheme }) => hasScheme);
  const pieces = [
    ...links.map((link) => ({ ...link, stands: LINK })),
    ...hashtagsIn(text, links).map((tag) => ({ ...tag, stands: WORD })),
    ...mentionsIn(text).map((mention) => ({ ...mention, stands: WORD })),
  ].sort((a, b) => a.start - b.start);
  let rest = '';
  let from = 0;
  for (const { start, end, stands } of pieces) {
    if (start < from) continue;
    rest += text.slice(from, start) + stands;
    from = end;
  }
  return rest + text.slice(from);
}
