import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { showReceipt } from '../../actions/show-receipt.ts';
import { withdrawPledge } from '../../actions/withdraw-pledge.ts';
import type { Context } from '../../context.ts';
import { ConflictError, NotFoundError } from '../../domain/errors.ts';
import { noticePage, receiptPage } from '../../web/index.ts';
import { isSameOrigin } from '../guards.ts';
import { frameOf, localeOf, sendHtml } from '../pages.ts';
import { receiptView } from '../views.ts';

/** A pledge's own page, behind its secret link. */
export function receiptRoutes(ctx: Context): RouteOptions[] {
  return [
    { method: 'GET', url: '/r/:token', handler: (request, reply) => show(ctx, request, reply) },
    {
      method: 'POST',
      url: '/r/:token/withdraw',
      handler: (request, reply) => withdraw(ctx, request, reply),
    },
  ];
}

async function show(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { token } = request.params as { token: string };
  const { joined } = request.query as { joined?: unknown };
  const locale = localeOf(request);
  const path = `/r/${token}`;
  try {
    const receipt = await showReceipt(ctx, { receiptToken: token });
    const said = joined === 'first' || joined === 'again' ? joined : null;
    return sendHtml(reply, receiptPage(receiptView(receipt, frameOf(locale, path), path, said)));
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    const view = { ...frameOf(locale, null), kind: 'receipt_gone' as const, back: null };
    return sendHtml(reply.code(404), noticePage(view));
  }
}

async function withdraw(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { token } = request.params as { token: string };
  const locale = localeOf(request);
  if (!isSameOrigin(ctx, request)) {
    const view = { ...frameOf(locale, null), kind: 'forbidden' as const, back: null };
    return sendHtml(reply.code(403), noticePage(view));
  }
  try {
    await withdrawPledge(ctx, { receiptToken: token, pledgeId: pledgeIn(request) });
  } catch (error) {
    // Too late: the receipt itself says what became of the post. Not ours: it says that, too.
    if (!(error instanceof ConflictError) && !(error instanceof NotFoundError)) throw error;
  }
  return reply.header('cache-control', 'no-store').redirect(`/r/${token}?lang=${locale}`, 303);
}

/** Which of the receipt's pledges a form is about; null where it does not say. */
function pledgeIn(request: FastifyRequest): string | null {
  const { pledge } = (request.body ?? {}) as { pledge?: unknown };
  return typeof pledge === 'string' ? pledge : null;
}
