import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { finishJoin } from '../../../actions/join/finish-join.ts';
import type { Context } from '../../../context.ts';
import { browserCookie } from '../../cookies.ts';
import { readFields } from '../../forms.ts';
import { choiceId, flowId, isGuess, sendJoined } from '../../joined.ts';
import { getGate } from '../../limits/gate.ts';
import { sendSignPage } from './sign-routes.ts';

/** The longest part of a platform's answer that is read. */
const MAX_ANSWER = 4_000;
/** The same where it is our own page that asks for a signature: what was signed comes with it. */
const MAX_SIGNED = 64 * 1024;

/** Where platforms send people back to; where supporters name the server, each server has an address of its own. */
export function callbackRoutes(ctx: Context): RouteOptions[] {
  return ['/callback/:platform', '/callback/:platform/:server'].map((url) => ({
    method: ['GET', 'POST'],
    url,
    handler: (request, reply) => callback(ctx, request, reply),
  }));
}

async function callback(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  // Platforms send people back by a link; a form comes from our own page for signing.
  const isForm = request.method === 'POST';
  const answer = isForm
    ? readFields(request.body, MAX_SIGNED)
    : readFields(request.query, MAX_ANSWER);
  const { platform, server = '' } = request.params as { platform: string; server?: string };
  const state = answer.state ?? '';
  const result = await finishJoin(ctx, {
    platform,
    server,
    state,
    answer,
    browser: browserCookie(ctx).read(request),
  });
  if (result.kind === 'sign_again') {
    const { problem } = result;
    // A key is never sent back: pages lie in histories and caches.
    const pasted = problem === 'private_key' ? '' : (answer.code ?? '');
    return sendSignPage(ctx, request, reply.code(422), { platform, state, problem, pasted });
  }
  const gate = getGate(ctx);
  if (result.kind === 'pledged') gate.finish(flowId(state));
  if (result.kind === 'choose') gate.move(flowId(state), choiceId(result.token));
  if (isGuess(result) && !(await gate.allowMiss(request, reply))) return reply;
  return sendJoined(ctx, request, reply, result);
}
