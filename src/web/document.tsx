import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { assetUrl } from './assets.ts';
import { numberingSystem } from './format.ts';
import { direction } from './i18n.ts';
import { socialLocale } from './social-locale.ts';
import type { LanguageLink, PreviewLinks } from './views/frame.ts';

/** The small programs that pages may load; each page works without. */
export type PageScript =
  | 'assisted.js'
  | 'countdown.js'
  | 'exit.js'
  | 'follow.js'
  | 'live.js'
  | 'once.js'
  | 'share.js'
  | 'sign.js'
  | 'widget.js'
  | 'words.js'
  | 'work.js';

/** A page of our own that another one leads on to; the same one without an address. */
export interface Refresh {
  seconds: number;
  href?: string;
}

/** What stands in the head of a page. */
export interface DocumentProps {
  locale: string;
  title: string;
  /** Language of the title, where it is not the page's own. */
  titleLocale?: string | undefined;
  /** For search engines and link previews; text only. Left out on pages that are not public. */
  description?: string;
  languages?: readonly LanguageLink[];
  /** Absolute address of the page without a language, where everybody may find it. */
  canonical?: string;
  /** False for everything that only one person is meant to see. */
  indexed?: boolean;
  preview?: PreviewLinks;
  /** Without one, the visitor's system decides between light and dark. */
  theme?: 'light' | 'dark';
  scripts?: readonly PageScript[];
  stylesheets?: readonly ('tocsin.css' | 'join.css' | 'ops.css' | 'receipt.css' | 'widget.css')[];
  bodyClass?: string;
  /** Where a browser without scripts goes on to by itself, and after how long. */
  refresh?: Refresh | undefined;
  children: ComponentChildren;
}

/** The whole HTML document around a page. Nothing in it is inline, nothing comes from elsewhere. */
export function Document(props: DocumentProps): VNode {
  const { locale, title, description, languages = [], indexed = false } = props;
  return (
    <html lang={locale} dir={direction(locale)} data-theme={props.theme}>
      <head>
        <meta charset="utf-8" />
        <title {...marksOf(props)}>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={props.theme ?? 'light dark'} />
        {indexed ? null : <meta name="robots" content="noindex" />}
        {props.refresh ? (
          <noscript>
            <meta http-equiv="refresh" content={refreshContent(props.refresh)} />
          </noscript>
        ) : null}
        <Preview {...{ locale, title, description, indexed }} preview={props.preview} />
        <link rel="icon" href={assetUrl('bell.svg')} type="image/svg+xml" />
        {['alegreya-sans-black-latin', ...(FONTS[locale] ?? [])].map((name) => (
          <link
            rel="preload"
            href={fontUrl(name)}
            as="font"
            type="font/woff2"
            crossorigin="anonymous"
          />
        ))}
        {(props.stylesheets ?? ['tocsin.css']).map((name) => (
          <link rel="stylesheet" href={assetUrl(name)} />
        ))}
        <Alternates {...{ languages, canonical: props.canonical }} />
        {(props.scripts ?? []).map((name) => (
          <script type="module" src={assetUrl(name)} />
        ))}
      </head>
      <body class={props.bodyClass} data-numbers={numbersOf(locale)}>
        {props.children}
      </body>
    </html>
  );
}

/** How a title in another language says so. */
function marksOf({ locale, titleLocale = locale }: DocumentProps) {
  return titleLocale === locale ? {} : { lang: titleLocale, dir: direction(titleLocale) };
}

function refreshContent({ seconds, href }: Refresh): string {
  return href === undefined ? String(seconds) : `${seconds};url=${href}`;
}

/** What a language needs beside the Latin letters. */
const FONTS: Readonly<Record<string, readonly string[]>> = {
  ru: ['alegreya-sans-black-cyrillic'],
  uk: ['alegreya-sans-black-cyrillic'],
  ar: ['tajawal-black-arabic'],
};

/** The same address as in the stylesheet, or the font would be fetched twice. */
function fontUrl(name: string): string {
  return `/assets/fonts/${name}.woff2`;
}

/** Scripts write numbers as the server does; most languages have the digits that are everywhere. */
function numbersOf(locale: string): string | undefined {
  const numbers = numberingSystem(locale);
  return numbers === 'latn' ? undefined : numbers;
}

/** The same page in other languages. Search engines take whole addresses only, and want to know where the choice is made. */
function Alternates({ languages, canonical }: Pick<DocumentProps, 'canonical' | 'languages'>) {
  if (canonical === undefined) return null;
  return (
    <>
      {languages
        ?.filter(({ interfaceOnly }) => !interfaceOnly)
        .map(({ tag }) => (
          <link rel="alternate" hreflang={tag} href={`${canonical}?lang=${tag}`} />
        ))}
      <link rel="alternate" hreflang="x-default" href={canonical} />
    </>
  );
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
      <meta
        property="og:locale"
        content={socialLocale(props.preview?.locale ?? props.locale, props.preview?.locales)}
      />
      {props.preview ? <Card {...props.preview} title={props.title} /> : null}
    </>
  );
}

function Card(props: PreviewLinks & { title: string }) {
  const { url, canonical, image, locale: own, locales, oembed, title } = props;
  return (
    <>
      {[...new Set(locales.map((locale) => socialLocale(locale, locales)))]
        .filter((locale) => locale !== socialLocale(own, locales))
        .map((locale) => (
          <meta property="og:locale:alternate" content={locale} />
        ))}
      <meta property="og:url" content={url} />
      <link rel="canonical" href={canonical} />
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

/** A page as the text that goes over the wire. */
export function renderDocument(page: VNode): string {
  return `<!doctype html>${renderToString(page)}`;
}

/** A part of a page, without a document around it. */
export function renderFragment(part: VNode): string {
  return renderToString(part);
}
