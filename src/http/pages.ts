import type { FastifyReply, FastifyRequest } from 'fastify';
import { createBoundedMemo } from '../domain/bounded-memo.ts';
import { canonicalLocale } from '../domain/locale.ts';
import {
  interfaceAlone,
  LOCALES,
  noticePage,
  ownLanguageName,
  type PageLanguages,
  pickLanguages,
  pickLocale,
} from '../web/index.ts';
import type { Frame, LanguageLink } from '../web/views/frame.ts';
import type { NoticeKind, NoticeView, WayBack } from '../web/views/notice.ts';
import { withoutTakenAlong } from './mended-address.ts';

/** Sends a page. `personal`: it holds a secret of one person, so no cache may keep it. */
export function sendHtml(reply: FastifyReply, html: string, personal = true): FastifyReply {
  return reply
    .header('cache-control', personal ? 'no-store' : 'no-cache')
    .header('vary', 'Accept-Language')
    .type('text/html; charset=utf-8')
    .send(html);
}

/**
 * Lets the forms of this page lead to these origins, too: one that is answered with a redirect to a platform, and browsers
 * hold redirects to the policy of the page that the form is on.
 */
export function allowForms(reply: FastifyReply, origins: readonly string[]): void {
  const name = 'content-security-policy';
  const policy = String(reply.getHeader(name) ?? '');
  const allowed = ["'self'", ...new Set(origins)].join(' ');
  reply.header(
    name,
    policy.replace("form-action 'self'", () => `form-action ${allowed}`),
  );
}

/**
 * The languages of a page about a campaign that is written in these: as asked for by link, else as the browser prefers.
 * @param known What was asked for when the records were made that the page is about.
 */
export function pickPageLanguages(
  request: FastifyRequest,
  spoken: readonly string[],
  known: string | null = null,
): PageLanguages {
  return pickLanguages(
    request.headers['accept-language'],
    wantedOf(request) ?? known ?? undefined,
    spoken,
  );
}

/**
 * The same for a page that is about no campaign, or about one that is not known. Its links keep what was asked for, as a form's own
 * field does.
 */
export function pickInterfaceLocale(
  request: FastifyRequest,
  known: string | null = null,
): PageLanguages {
  const wanted = wantedOf(request) ?? known ?? undefined;
  const locale = pickLocale(request.headers['accept-language'], wanted);
  const tag = wanted === undefined || wanted.length > MAX_TAG ? null : canonicalLocale(wanted);
  const lang = tag ?? locale;
  return { locale, textLocale: locale, lang, shareLang: lang, spoken: [] };
}

/** Longer than the tag of any language. */
const MAX_TAG = 35;

function wantedOf(request: FastifyRequest): string | undefined {
  const wanted =
    (request.query as { lang?: unknown } | undefined)?.lang ??
    (request.body as { lang?: unknown } | undefined)?.lang;
  return typeof wanted === 'string' ? withoutTakenAlong(wanted) : undefined;
}

const names = createBoundedMemo<string>(1_000);

/** What else a page's frame is made of. */
interface FrameParts {
  /** Of the instance, for pages that everybody may find. */
  origin?: string;
  /** What else is in the address of this very page, for the menu of languages; `tag` is the one that is chosen there. */
  query?: (tag: string) => Readonly<Record<string, string>>;
}

/** What every page for supporters carries; `path` is the page's own address, without a query. */
export function toFrame(
  { locale, lang, spoken }: PageLanguages,
  path: string | null,
  { origin, query = () => ({}) }: FrameParts = {},
): Frame {
  const link = (tag: string): LanguageLink => ({
    tag,
    name: names(tag, () => ownLanguageName(tag)),
    href: `${path}?${new URLSearchParams({ ...query(tag), lang: tag })}`,
    current: tag === (spoken.length > 0 ? lang : locale),
  });
  return {
    locale,
    lang,
    languages: path === null ? [] : menuOf(spoken, link),
    ...(origin !== undefined && path !== null ? { canonical: origin + path } : {}),
  };
}

/** The campaign's own languages, and those in which only the words around its texts are; without a campaign, the interface's. */
function menuOf(spoken: readonly string[], link: (tag: string) => LanguageLink): LanguageLink[] {
  if (spoken.length === 0) return LOCALES.map(link);
  const others = interfaceAlone(spoken).map((tag) => ({
    ...link(tag),
    interfaceOnly: true as const,
  }));
  return [...spoken.map(link), ...others];
}

/** What else a notice may name or lead to. */
type NoticeParts = Omit<NoticeView, keyof Frame | 'kind' | 'back'>;

/** A page that only says something. `languages`: where they are known from more than the request. */
export function sendNotice(
  request: FastifyRequest,
  reply: FastifyReply,
  kind: NoticeKind,
  known: {
    back?: WayBack | null;
    languages?: PageLanguages;
  } & NoticeParts = {},
) {
  const { back = null, languages = pickInterfaceLocale(request), ...parts } = known;
  return sendHtml(reply, noticePage({ ...toFrame(languages, null), kind, back, ...parts }));
}
