import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JoinResult } from '../actions/join-result.ts';
import { interfaceOf, languagesOf, sendNotice } from './pages.ts';
import { backTo, missingHref } from './views.ts';

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
    result.kind === 'not_pledged' && (result.campaign === null || result.problem === 'stranger')
  );
}

/** What came of joining: the receipt, the page that asks which account, or a page that says why not. */
export function sendJoined(request: FastifyRequest, reply: FastifyReply, result: JoinResult) {
  if (result.kind === 'not_pledged') {
    const status = result.problem === 'platform_failed' ? 502 : 409;
    const code = result.problem === 'denied' ? 200 : status;
    const { campaign, intentToken, locale: lang, unfit, missing } = result;
    const languages = campaign
      ? languagesOf(request, campaign.content.locales, lang)
      : interfaceOf(request, lang);
    // Where joining has closed, so has the page with the words.
    const words = result.problem === 'closed' ? null : intentToken;
    const back = backTo(campaign, words, languages);
    return sendNotice(request, reply.code(code), result.problem, {
      ...{ back, languages, unfit },
      missingHref: missingHref(back, missing),
    });
  }
  reply.header('cache-control', 'no-store');
  if (result.kind === 'choose') {
    return reply.redirect(`/choose/${encodeURIComponent(result.token)}`, 303);
  }
  const joined = result.again ? 'again' : 'first';
  const query = `lang=${result.locale}&joined=${joined}`;
  return reply.redirect(`/r/${result.receiptToken}?${query}`, 303);
}
