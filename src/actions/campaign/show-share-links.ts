import type { Context } from '../../context.ts';
import { serverName } from '../../domain/mail-address.ts';
import type { ComposeWay } from '../../platforms/compose-way.ts';
import { COMPOSE_WAYS } from '../../platforms/index.ts';
import { shortenLink } from './shorten-link.ts';

/** A network that a campaign can be passed on to. */
export interface ShareWay extends Pick<ComposeWay, 'name' | 'label' | 'requires'> {
  /** Opens its composer; null until one's own server is named. */
  href: string | null;
}

/** Everything for passing a campaign on. */
export interface Sharing {
  /** The short link, whole, with the language in which it is passed on: text and picture beside it are in that. */
  link: string;
  ways: readonly ShareWay[];
  /** The server as understood, or what is wrong with what was typed. */
  server: { value: string; wrong: boolean };
}

/**
 * Links to each network's composer, with the campaign's title and its short link: never that somebody has joined, since
 * whoever passes something on need not have.
 * @param input.lang The language that those who follow the link get.
 * @param input.server As typed; '' for none.
 */
export async function showShareLinks(
  ctx: Context,
  input: { id: string; title: string; lang: string; server: string },
): Promise<Sharing> {
  const link = await shareLink(ctx, input.id, input.lang);
  const server = serverName(input.server);
  return {
    link,
    ways: COMPOSE_WAYS.map((way) => {
      const { name, label, requires } = way;
      const ready = requires === 'nothing' || server !== null;
      const href = ready ? composerUrl(way, input.title, link, server ?? '') : null;
      return { name, label, requires, href };
    }),
    server: { value: server ?? input.server, wrong: server === null && input.server.trim() !== '' },
  };
}

/** A campaign's short link, whole. `lang`: of the page that passes it on; null leaves the choice to the browser that follows it. */
export async function shareLink(ctx: Context, id: string, lang: string | null): Promise<string> {
  const link = `${ctx.baseUrl}/s/${await shortenLink(ctx, id)}`;
  return lang === null ? link : `${link}?lang=${encodeURIComponent(lang)}`;
}

/** Some composers take the link apart from the text; the others find it in the text. */
function composerUrl(way: ComposeWay, title: string, link: string, server: string): string {
  const post = { text: title, link, server, appId: '', back: '' };
  const apart = way.url(post);
  if (apart.includes(encodeURIComponent(link))) return apart;
  return way.url({ ...post, text: `${title}\n${link}` });
}
