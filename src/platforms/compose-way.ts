/** What a composer is to be opened with. */
export interface ToCompose {
  text: string;
  /** The page that the text points to. */
  link: string;
  /** The supporter's own server, where a network has many. */
  server: string;
  /** The app that this instance has registered with the network; '' without one. */
  appId: string;
  /** Where to come back to. */
  back: string;
}

/** How people post to a network by themselves: its own composer, opened by a link, with nothing of ours in between. */
export interface ComposeWay {
  readonly name: string;
  /** As people call it. */
  readonly label: string;
  /** What has to be known before its composer can be opened. */
  readonly requires: 'nothing' | 'server';
  /** Whether its composer takes the text; one that takes the link alone leaves the text to be pasted. */
  readonly carries: 'text' | 'link';
  /** Only the person can post there: no service may. */
  readonly byHandOnly: boolean;
  /** Hosts of its posts, without `www.` or `m.`; null: any host may be one of its servers; none: its posts have no address. */
  readonly hosts: readonly string[] | null;
  /** The address of its composer. */
  url(post: ToCompose): string;
  /** What a post's address has in common however it is written; null when the address is not a post's. */
  postKey(url: URL): string | null;
}

/** `base` with these parameters, encoded so that every composer reads blanks as blanks. */
export function withParameters(base: string, parameters: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== '');
  const query = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return query === '' ? base : `${base}?${query}`;
}

/**
 * The text for a composer that puts the link above it, so that the link does not stand there twice. A link within a sentence stays: without
 * it the sentence would be another.
 */
export function withoutLink(text: string, link: string): string {
  if (link === '') return text;
  const lines = text.split('\n').map((line) => line.trim());
  const [first = '', last = ''] = [lines[0], lines.at(-1)];
  if (last === link) return lines.slice(0, -1).join('\n').trim();
  if (last.endsWith(` ${link}`)) return text.trimEnd().slice(0, -link.length).trimEnd();
  if (first === link) return lines.slice(1).join('\n').trim();
  if (first.startsWith(`${link} `)) return text.trimStart().slice(link.length).trimStart();
  return text;
}

/** Path without a slash at its end; null for the front page. */
export function pathKey(url: URL): string | null {
  const path = url.pathname.replace(/\/+$/, '');
  return path === '' ? null : path;
}
