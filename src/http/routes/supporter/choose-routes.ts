import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { chooseAccount } from '../../../actions/join/choose-account.ts';
import { showChoice } from '../../../actions/join/show-choice.ts';
import type { Context } from '../../../context.ts';
import { choosePage } from '../../../web/index.ts';
import { browserCookie } from '../../cookies.ts';
import { choiceId, isGuess, sendJoined } from '../../joined.ts';
import { getGate } from '../../limits/gate.ts';
import {
  pickInterfaceLocale,
  pickPageLanguages,
  sendHtml,
  sendNotice,
  toFrame,
} from '../../pages.ts';
import { backTo, missingHref } from '../../views/campaign-views.ts';

/** Where supporters choose which of the things that they look after takes part. */
export function chooseRoutes(ctx: Context): RouteOptions[] {
  return [
    {
      method: 'GET',
      url: '/choose/:token',
      handler: (request, reply) => showPage(ctx, request, reply),
    },
    {
      method: 'POST',
      url: '/choose/:token',
      handler: (request, reply) => choose(ctx, request, reply),
    },
  ];
}

async function showPage(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { token } = request.params as { token: string };
  const shown = await showChoice(ctx, { token, browser: browserCookie(ctx).read(request) });
  if (shown.kind !== 'choice') {
    if (isGuess(shown) && !(await getGate(ctx).allowMiss(request, reply))) return reply;
    return sendJoined(ctx, request, reply, shown);
  }
  const { campaign, intentToken, locale: lang, label, names, missing } = shown;
  const languages = campaign
    ? pickPageLanguages(request, campaign.content.locales, lang)
    : pickInterfaceLocale(request, lang);
  const back = backTo(campaign, intentToken, languages);
  const view = {
    ...toFrame(languages, null),
    platformLabel: label,
    action: `/choose/${encodeURIComponent(token)}`,
    names,
    back,
    missingHref: missingHref(back, missing),
  };
  return sendHtml(reply, choosePage(view));
}

async function choose(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { token } = request.params as { token: string };
  const { choice } = (request.body ?? {}) as { choice?: unknown };
  if (typeof choice !== 'string' || !/^\d{1,4}$/.test(choice)) {
    return sendNotice(request, reply.code(400), 'bad_request');
  }
  const browser = browserCookie(ctx).read(request);
  const result = await chooseAccount(ctx, { token, choice: Number(choice), browser });
  const gate = getGate(ctx);
  if (result.kind === 'pledged') gate.finish(choiceId(token));
  if (isGuess(result) && !(await gate.allowMiss(request, reply))) return reply;
  return sendJoined(ctx, request, reply, result);
}
