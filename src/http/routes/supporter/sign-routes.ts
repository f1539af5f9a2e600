import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { showSigning } from '../../../actions/join/show-signing.ts';
import type { Context } from '../../../context.ts';
import type { SignProblem } from '../../../domain/sign-problem.ts';
import { noticePage, signPage } from '../../../web/index.ts';
import { browserCookie } from '../../cookies.ts';
import { getGate } from '../../limits/gate.ts';
import { pickInterfaceLocale, pickPageLanguages, sendHtml, toFrame } from '../../pages.ts';
import { backTo } from '../../views/campaign-views.ts';

/** Where supporters sign their post themselves, for platforms that hold no account: the way back is the callback's. */
export function signRoutes(ctx: Context): RouteOptions[] {
  return [
    {
      method: 'GET',
      url: '/sign/:platform',
      handler: (request, reply) => showPage(ctx, request, reply),
    },
  ];
}

async function showPage(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { platform } = request.params as { platform: string };
  const { state } = request.query as { state?: unknown };
  const known = typeof state === 'string' ? state : '';
  return sendSignPage(ctx, request, reply, { platform, state: known, problem: null, pasted: '' });
}

/** What was pasted before, and why it was not taken. */
interface SignForm {
  platform: string;
  state: string;
  problem: SignProblem | null;
  pasted: string;
}

/** The page for signing, at first or again. */
export async function sendSignPage(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { platform, state, problem, pasted }: SignForm,
) {
  const browser = browserCookie(ctx).read(request);
  const signing = await showSigning(ctx, { platform, state, browser });
  if (signing.kind === 'none') {
    if (!(await getGate(ctx).allowMiss(request, reply))) return reply;
    const frame = toFrame(pickInterfaceLocale(request), null);
    return sendHtml(reply.code(409), noticePage({ ...frame, kind: signing.problem, back: null }));
  }
  const { campaign } = signing;
  const languages = pickPageLanguages(request, campaign.content.locales, signing.locale);
  return sendHtml(
    reply,
    signPage({
      ...toFrame(languages, null),
      platformLabel: signing.label,
      action: `/callback/${encodeURIComponent(platform)}`,
      ...{ state, problem, pasted },
      unsigned: JSON.stringify(signing.unsigned, null, 2),
      back: backTo(campaign, signing.intentToken, languages),
    }),
  );
}
