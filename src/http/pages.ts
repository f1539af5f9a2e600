import type { FastifyReply, FastifyRequest } from 'fastify';
import { LOCALES, noticePage, pickLocale } from '../web/index.ts';
import type { Frame, NoticeKind, NoticeView, WayBack } from '../web/views.ts';

/** Sends a page. `personal`: it holds somebody's secret, so nothing on the way may keep it. */
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

/** The language asked for by link, else the one the browser prefers. */
export function localeOf(request: FastifyRequest, available?: readonly string[]): string {
  const wanted =
    (request.query as { lang?: unknown } | undefined)?.lang ??
    (request.body as { lang?: unknown } | undefined)?.lang;
  return pickLocale(
    request.headers['accept-language'],
    typeof wanted === 'string' ? wanted : undefined,
    available,
  );
}

/** Each language's own name for itself. */
const NATIVE_NAMES = new Map(
  LOCALES.map((tag) => {
    const name = new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
    return [tag, name.charAt(0).toLocaleUpperCase(tag) + name.slice(1)];
  }),
);

/**
 * What every page for supporters carries; `path` is the page's own address, without a query. `origin`: of the instance, for
 * pages that everybody may find. `query`: what else is in the address of this very page, for the menu of languages.
 */
export function frameOf(
  locale: string,
  path: string | null,
  origin?: string,
  query: Readonly<Record<string, string>> = {},
): Frame {
  const languages = path === null ? [] : LOCALES;
  return {
    locale,
    languages: languages.map((tag) => ({
      tag,
      name: NATIVE_NAMES.get(tag) ?? tag,
      href: `${path}?${new URLSearchParams({ ...query, lang: tag })}`,
      current: tag === locale,
    })),
    ...(origin !== undefined && path !== null ? { canonical: origin + path } : {}),
  };
}

/** A page that only says something. `locale`: the language that is known to be wanted. */
export function sendNotice(
  request: FastifyRequest,
  reply: FastifyReply,
  kind: NoticeKind,
  known: { back?: WayBack | null; locale?: string; unfit?: NoticeView['unfit'] } = {},
) {
  const { back = null, locale = localeOf(request), unfit } = known;
  return sendHtml(reply, noticePage({ ...frameOf(locale, null), kind, back, unfit }));
}
