import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JoinResult } from '../actions/finish-join.ts';
import type { CampaignRecord } from '../actions/records.ts';
import { noticePage } from '../web/index.ts';
import type { NoticeKind } from '../web/views.ts';
import { frameOf, localeOf, sendHtml } from './pages.ts';
import { inLocale } from './views.ts';

/** What came of joining: the receipt, the page that asks which account, or a page that says why not. */
export function sendJoined(request: FastifyRequest, reply: FastifyReply, result: JoinResult) {
  if (result.kind === 'not_pledged') {
    const status = result.problem === 'platform_failed' ? 502 : 409;
    const code = result.problem === 'denied' ? 200 : status;
    return sendNotice(request, reply.code(code), result.problem, result.campaign, result.locale);
  }
  reply.header('cache-control', 'no-store');
  if (result.kind === 'choose') {
    return reply.redirect(`/choose/${encodeURIComponent(result.token)}`, 303);
  }
  const joined = result.again ? 'again' : 'first';
  const query = `lang=${result.locale}&joined=${joined}`;
  return reply.redirect(`/r/${result.receiptToken}?${query}`, 303);
}

/** A page that only says something. `known`: the language that is known to be wanted. */
export function sendNotice(
  request: FastifyRequest,
  reply: FastifyReply,
  kind: NoticeKind,
  campaign: CampaignRecord | null,
  known: string | null = null,
) {
  const locale = known ?? localeOf(request);
  const title = campaign ? inLocale(campaign.content.title, locale) : '';
  const back = campaign ? { slug: campaign.slug, title } : null;
  return sendHtml(reply, noticePage({ ...frameOf(locale, null), kind, campaign: back }));
}
