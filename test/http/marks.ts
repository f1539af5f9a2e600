/** In which language and direction a page's body says that each piece of its text with `part` in it is: `fa rtl`. Code is in none. */
export function marksOf(html: string, part: string): string[] {
  const body = html.replace(/<(title|script|style|code)\b[\s\S]*?<\/\1>/g, '');
  const open: { name: string; lang: string; dir: string }[] = [];
  const found: string[] = [];
  for (const [, tag, text] of body.matchAll(/<([^>]*)>|([^<]+)/g)) {
    const inside = open.at(-1) ?? { name: '', lang: '', dir: '' };
    if (text?.includes(part)) found.push(`${inside.lang} ${inside.dir}`);
    if (tag === undefined) continue;
    const name = /^\/?[a-z0-9]+/.exec(tag)?.[0] ?? '';
    if (name.startsWith('/')) {
      while (open.length > 0 && open.pop()?.name !== name.slice(1));
    } else if (name !== '' && !tag.endsWith('/') && !VOID.has(name)) {
      const { lang = inside.lang, dir = inside.dir } = attributesOf(tag);
      open.push({ name, lang, dir });
    }
  }
  return found;
}

const VOID = new Set(['br', 'hr', 'img', 'input', 'link', 'meta', 'wbr']);

function attributesOf(tag: string): Record<string, string> {
  const all = [...tag.matchAll(/\s([a-z-]+)="([^"]*)"/g)];
  return Object.fromEntries(all.map(([, name, value]) => [name, value]));
}

/** What stands in the head of a page for programs that read it. */
export interface Head {
  canonical: string | undefined;
  /** The same page in other languages: `hreflang` and address. */
  alternates: [string, string][];
  /** `og:*` and the like; each may be there several times. */
  meta(name: string): string[];
  oembed: string | undefined;
}

export function headOf(html: string): Head {
  const tags = [...html.matchAll(/<(?:link|meta)\s[^>]*>/g)].map(([tag]) => attributesOf(tag));
  const unescaped = (value = '') => value.replaceAll('&amp;', '&').replaceAll('&quot;', '"');
  return {
    canonical: tags.find(({ rel }) => rel === 'canonical')?.href,
    alternates: tags.flatMap(({ rel, hreflang, href = '' }): [string, string][] =>
      rel === 'alternate' && hreflang !== undefined ? [[hreflang, href]] : [],
    ),
    meta: (name) =>
      tags
        .filter((tag) => tag.property === name || tag.name === name)
        .map(({ content }) => unescaped(content)),
    oembed: unescaped(tags.find(({ type }) => type === 'application/json+oembed')?.href),
  };
}

/** The menu of languages: tag, name and whether it is the page's own; `around` are those that the campaign's text is not in. */
export function menuOf(html: string): { own: string[]; around: string[]; current: string | null } {
  const menu = /<nav class="languages"[\s\S]*?<\/nav>/.exec(html)?.[0] ?? '';
  const [own = '', around = ''] = menu.split('id="interface-only"');
  const tagsIn = (part: string) =>
    [...part.matchAll(/<a\s[^>]*hreflang="([^"]+)"/g)].map(([, tag]) => tag ?? '');
  const current = /hreflang="([^"]+)" aria-current/.exec(menu)?.[1] ?? null;
  return { own: tagsIn(own), around: tagsIn(around), current };
}
