import { htmlOf } from './html.ts';
import { markdownHtml } from './markdown.ts';

/** What of the markup of Misskey and its kin a text may hold by chance, on escaped HTML: github.com/misskey-dev/mfm.js, docs/syntax.md. */
const MFM: readonly (readonly [RegExp, string])[] = [
  [/`([^`\n]+)`/g, '<code>$1</code>'],
  [/\*\*([\s\S]+?)\*\*/g, '<b>$1</b>'],
  [/\*([a-z0-9 ]+)\*/gi, '<i>$1</i>'],
  [/(?<![a-z0-9])_([a-z0-9 ]+)_/gi, '<i>$1</i>'],
  [/~~([^\n~]+)~~/g, '<del>$1</del>'],
  [/&lt;(b|i|s|small)&gt;([\s\S]+?)&lt;\/\1&gt;/g, '<$1>$2</$1>'],
  [/\[([^\]\n]+)\]\((<a href="[^"]*")[\s\S]*?<\/a>\)/g, '$2>$1</a>'],
  [/\$\[\w+ ([^\]]+)\]/g, '<span>$1</span>'],
  [/(^<p>|<p>|<br \/>)&gt; ?([^<]+)/g, '$1<blockquote>$2</blockquote>'],
  [/\\\((.+?)\\\)/g, '<code>$1</code>'],
];

/** A text as Sharkey, Firefish or Iceshrimp shows it. */
export function mfmHtml(text: string, origin: string): string {
  return MFM.reduce((html, [sign, shown]) => html.replace(sign, shown), htmlOf(text, origin, true));
}

/** A text as Friendica shows it: Markdown, and what is left as BBCode. */
export function friendicaHtml(text: string, origin: string): string {
  const html = markdownHtml(text, origin);
  return html.replace(/\[(b|i|u|s|code|quote)\]([\s\S]*?)\[\/\1\]/g, '<$1>$2</$1>');
}
