import type { FastifyReply, FastifyRequest } from 'fastify';
import { isJoinable } from '../actions/campaign/find-campaign.ts';
import type { CampaignRecord } from '../actions/campaign/records.ts';
import type { JoinProblem, JoinResult, PublicWords } from '../actions/join/join-result.ts';
import type { Context } from '../context.ts';
import { closingFor, type TryAgain } from '../domain/try-again.ts';
import type { BeginView, ClosingView } from '../web/views/notice.ts';
import { joinPath } from './campaign-code.ts';
import { pickInterfaceLocale, pickPageLanguages, sendNotice } from './pages.ts';
import { backTo, missingHref, overIn } from './views/campaign-views.ts';

/** Under these the gate knows what was begun: words, a way to a network, and the choice that it has come to. */
export function wordsId(token: string): string {
  return `words ${token}`;
}

export function flowId(state: string): string {
  return `flow ${state}`;
}

export function choiceId(token: string): string {
  return `choice ${token}`;
}

/** The same for a reminder that was asked for. */
export function reminderId(token: string): string {
  return `reminder ${token}`;
}

/** It came with a secret that we never gave out, or not to this browser. */
export function isGuess(result: JoinResult): boolean {
  return (
    result.kind === 'not_pledged' &&
    (result.campaign === null ||
      result.problem === 'stranger' ||
      result.problem === 'again_elsewhere')
  );
}

/** Of what there is no answer to, or none to speak of; all else is told as what it is. */
const STATUSES: Partial<Record<JoinProblem, number>> = {
  denied: 200,
  asked_to_wait: 503,
  platform_broken: 502,
  platform_failed: 502,
};

/** What came of joining: the receipt, the page that asks which account, or a page that says why not. */
export function sendJoined(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  result: JoinResult,
) {
  if (result.kind === 'not_pledged') return sendNotPledged(ctx, request, reply, result);
  reply.header('cache-control', 'no-store');
  if (result.kind === 'choose') {
    return reply.redirect(`/choose/${encodeURIComponent(result.token)}`, 303);
  }
  const joined = result.again ? 'again' : 'first';
  const query = `lang=${result.locale}&joined=${joined}`;
  return reply.redirect(`/r/${result.receiptToken}?${query}`, 303);
}

type NotPledged = Extract<JoinResult, { kind: 'not_pledged' }>;

/** A page that says why no pledge came of it, and leads on: to the receipt, to the same words, or to the campaign. */
export function sendNotPledged(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  result: NotPledged,
) {
  const { problem, campaign, intentToken, locale, unfit, until, missing, receiptToken } = result;
  const { platformLabel } = result;
  const languages = campaign
    ? pickPageLanguages(request, campaign.content.locales, locale)
    : pickInterfaceLocale(request, locale);
  const closing = campaign && closingOf(ctx, campaign, result);
  const isOpen = closing === null || closing.kind === 'soon';
  // Where joining has closed, so has the page with the words.
  const words = problem === 'closed' || !isOpen ? null : intentToken;
  const campaignBack = backTo(campaign, null, languages);
  const wordsBack = backTo(campaign, words, languages);
  const { lang } = languages;
  return sendNotice(request, reply.code(STATUSES[problem] ?? 409), problem, {
    ...{ back: campaignBack, languages, unfit, platformLabel },
    over: campaign && overIn(campaign.state),
    until: campaign && until ? { instant: until.toISOString(), zone: campaign.moment.zone } : null,
    againHref: words !== null && wordsBack ? wordsBack.href : null,
    receiptHref: receiptToken === undefined ? null : `/r/${receiptToken}?lang=${lang}`,
    begin: campaign && result.words && isOpen ? beginView(campaign, result.words, lang) : null,
    missingHref: isOpen ? missingHref(wordsBack, missing) : null,
    closing,
  });
}

/** After which of these trying again helps only later. All else can be tried at once, or not again. */
function tryAgainAfter({ problem, until }: NotPledged): TryAgain {
  if (problem === 'asked_to_wait') return { wait: until ?? null };
  return problem === 'platform_broken' || problem === 'platform_failed' ? 'in_minutes' : 'at_once';
}

/** What the end of joining means for trying again; null where it means nothing, or the page says it anyway. */
function closingOf(ctx: Context, campaign: CampaignRecord, result: NotPledged): ClosingView | null {
  if (result.problem === 'closed') return null;
  const { lockAt, moment } = campaign;
  const kind = closingFor(tryAgainAfter(result), {
    now: ctx.clock.now(),
    closesAt: lockAt.getTime(),
    isJoinable: isJoinable(ctx, campaign),
  });
  return kind && { kind, instant: lockAt.toISOString(), zone: moment.zone };
}

/** One button that chooses the campaign's own words again, or the page on which they are chosen, where there was more to them. */
function beginView(
  { id }: CampaignRecord,
  { textLocale, variant, isAll }: PublicWords,
  lang: string,
): BeginView {
  const fields = { lang, text_locale: textLocale, wording: String(variant) };
  const action = joinPath(id, lang, '/words');
  if (isAll) return { action: action.split('?')[0] ?? action, fields: Object.entries(fields) };
  return {
    action: `${action}&${new URLSearchParams({ text: textLocale, wording: String(variant) })}`,
    fields: null,
  };
}
