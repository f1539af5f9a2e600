/**
 * What each page needs to know, and nothing else. Routes fill these in; pages turn them into HTML.
 * Instants are ISO 8601 in UTC; counts are already rounded for the public.
 */

/** How an open page keeps up with its campaign; see assets/follow.js. */
export interface FollowView {
  /** Where the campaign's state is asked for. */
  href: string;
  /** Of what this page shows of the campaign; null for a page that is made for one person. */
  version: string | null;
  /** When joining closes, and the moment. */
  changes: readonly string[];
  /** Seconds after which a browser without scripts loads the page again; null while nothing is about to change. */
  refresh: number | null;
}

/** A language the page can be had in; `href` leads to the same page in it. */
export interface LanguageLink {
  tag: string;
  /** The language's own name for itself. */
  name: string;
  href: string;
  current: boolean;
  /** The page's own words are there in it, the campaign's texts are not. */
  interfaceOnly?: true;
}

/** Metadata for link previews on other sites. All addresses are absolute. */
export interface PreviewLinks {
  /** The page's address, in its languages: who follows it for a preview gets them, too. */
  url: string;
  /** The same in the language of the campaign's text, for search engines: there is one for each of `locales`. */
  canonical: string;
  image: { url: string; width: number; height: number; alt: string };
  /** Language of the campaign's text, and all that the campaign is written in. */
  locale: string;
  locales: readonly string[];
  /** Where its oEmbed description is. */
  oembed: string;
}

/** What every page for supporters carries. */
export interface Frame {
  /** Language of the interface. */
  locale: string;
  /** What the page's links carry as `lang`, so that languages stay as they were chosen. */
  lang: string;
  /** Empty where a page has only one address for all languages. */
  languages: readonly LanguageLink[];
  /** Absolute address of the page, without a language. Only pages that everybody may find have one. */
  canonical?: string;
}
