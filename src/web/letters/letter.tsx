import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { direction, interfaceLocale } from '../i18n.ts';

/** A mail, ready to be sent: one subject, and the same words twice. */
export interface Letter {
  subject: string;
  text: string;
  html: string;
}

/** Makes a letter of paragraphs and links; nothing in it is loaded from anywhere, so that opening it can not be tracked. */
export function writeLetter(locale: string, subject: string, body: VNode): Letter {
  const language = interfaceLocale(locale);
  const inner = renderToString(body);
  const page = renderToString(
    <html lang={language} dir={direction(language)}>
      <head>
        <meta charset="utf-8" />
        <title>{subject}</title>
      </head>
      <body style="font: 18px/1.5 Georgia, serif; max-width: 34em; margin: 1em">{body}</body>
    </html>,
  );
  return { subject, text: plainText(inner), html: `<!doctype html>${page}` };
}

export function Paragraph({ children }: { children: ComponentChildren }) {
  return <p>{children}</p>;
}

/** A link on a line of its own, its address readable where letters are plain. */
export function LetterLink({ href, children }: { href: string; children: ComponentChildren }) {
  return (
    <p>
      <a href={href}>{children}</a>
    </p>
  );
}

/** The words of the components above as plain text: a link is its words, and its address below. */
function plainText(html: string): string {
  const lines = html
    .replace(/<a href="([^"]*)">([\s\S]*?)<\/a>/g, '$2:\n$1')
    .replace(/<\/p>/g, '\n\n')
    .replace(/<[^>]+>/g, '');
  return `${lines
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim()}\n`;
}
