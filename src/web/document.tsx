import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { assetUrl } from './assets.ts';
import { direction } from './i18n.ts';
import type { LanguageLink } from './views.ts';

/** The small programs that pages may load; each page works without. */
export type Script =
  | 'assisted.js'
  | 'countdown.js'
  | 'exit.js'
  | 'live.js'
  | 'share.js'
  | 'sign.js'
  | 'widget.js'
  | 'words.js';

/** What others show of a page when somebody passes its address on. All addresses are whole. */
export interface PreviewLinks {
  /** The page's address, in its language: who follows it for a preview gets that language, too. */
  url: string;
  image: { url: string; width: number; height: number; alt: string };
  /** Languages of the interface that the page is also there in. */
  locales: readonly string[];
  /** Where its oEmbed description is. */
  oembed: string;
}

/** What stands in the head of a page. */
export interface DocumentProps {
  locale: string;
  title: string;
  /** For search engines and link previews; text only. Left out on pages that are not public. */
  description?: string;
  languages?: readonly LanguageLink[];
  /** False for everything that only one person is meant to see. */
  indexed?: boolean;
  preview?: PreviewLinks;
  /** Without one, the visitor's system decides between light and dark. */
  theme?: 'light' | 'dark';
  scripts?: readonly Script[];
  stylesheets?: readonly ('tocsin.css' | 'ops.css' | 'widget.css')[];
  bodyClass?: string;
  children: ComponentChildren;
}

/** The whole HTML document around a page. Nothing in it is inline, nothing comes from elsewhere. */
export function Document(props: DocumentProps): VNode {
  const { locale, title, description, languages = [], indexed = false } = props;
  return (
    <html lang={locale} dir={direction(locale)} data-theme={props.theme}>
      <head>
        <meta charset="utf-8" />
        <title>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={props.theme ?? 'light dark'} />
        {indexed ? null : <meta name="robots" content="noindex" />}
        <Preview {...{ locale, title, description, indexed }} preview={props.preview} />
        <link rel="icon" href={assetUrl('bell.svg')} type="image/svg+xml" />
        {(locale === 'ru' ? ['latin', 'cyrillic'] : ['latin']).map((subset) => (
          <link
            rel="preload"
            href={fontUrl(subset)}
            as="font"
            type="font/woff2"
            crossorigin="anonymous"
          />
        ))}
        {(props.stylesheets ?? ['tocsin.css']).map((name) => (
          <link rel="stylesheet" href={assetUrl(name)} />
        ))}
        {languages.map(({ tag, href }) => (
          <link rel="alternate" hreflang={tag} href={href} />
        ))}
        {(props.scripts ?? []).map((name) => (
          <script type="module" src={assetUrl(name)} />
        ))}
      </head>
      <body class={props.bodyClass}>{props.children}</body>
    </html>
  );
}

/** The same address as in the stylesheet, or the font would be fetched twice. */
function fontUrl(subset: string): string {
  return `/assets/fonts/alegreya-sans-black-${subset}.woff2`;
}

type PreviewProps = Pick<DocumentProps, 'locale' | 'title' | 'description' | 'indexed' | 'preview'>;

function Preview(props: PreviewProps) {
  if (!props.indexed || !props.description) return null;
  return (
    <>
      <meta name="description" content={props.description} />
      <meta property="og:type" content="website" />
      <meta property="og:title" content={props.title} />
      <meta property="og:description" content={props.description} />
      <meta property="og:locale" content={props.locale.replace('-', '_')} />
      {props.preview ? <Card {...props.preview} own={props.locale} title={props.title} /> : null}
    </>
  );
}

function Card({ url, image, locales, oembed, own, title }: PreviewLinks & CardProps) {
  return (
    <>
      {locales
        .filter((locale) => locale !== own)
        .map((locale) => (
          <meta property="og:locale:alternate" content={locale.replace('-', '_')} />
        ))}
      <meta property="og:url" content={url} />
      <link rel="canonical" href={url} />
      <meta property="og:image" content={image.url} />
      <meta property="og:image:type" content="image/png" />
      <meta property="og:image:width" content={String(image.width)} />
      <meta property="og:image:height" content={String(image.height)} />
      <meta property="og:image:alt" content={image.alt} />
      <meta name="twitter:card" content="summary_large_image" />
      <link rel="alternate" type="application/json+oembed" href={oembed} title={title} />
    </>
  );
}

interface CardProps {
  own: string;
  title: string;
}

/** A page as the text that goes over the wire. */
export function renderDocument(page: VNode): string {
  return `<!doctype html>${renderToString(page)}`;
}

/** A part of a page, without a document around it. */
export function renderFragment(part: VNode): string {
  return renderToString(part);
}
