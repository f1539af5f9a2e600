import type { FastifyReply, FastifyRequest } from 'fastify';
import { findKeyHolder, findOperatorOfSession } from '../actions/operator/operator-access.ts';
import type { Context } from '../context.ts';
import { signInPage } from '../web/index.ts';
import { sessionCookie } from './cookies.ts';
import { getGate } from './limits/gate.ts';
import { sendHtml, sendNotice } from './pages.ts';
import { sendProblem } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who acts, on routes for operators: a name from a session, or `key:NAME`. */
    operator: string;
  }
}

/**
 * A state-changing request has to come from our own pages. Browsers say where it comes from (Sec-Fetch-Site) wherever an
 * address is trustworthy: https, or this machine; there our no-referrer policy makes their Origin `null`, which therefore says
 * nothing, and a `null` without Sec-Fetch-Site is some frame's or file's. Over plain http to another machine they send no
 * Sec-Fetch-Site at all: then the cookies, which are SameSite, are what keeps a foreign form from acting for anybody. What
 * sends neither header is no browser.
 * Source: fetch.spec.whatwg.org "append a request Origin header"; w3c.github.io/webappsec-fetch-metadata, 2.3.
 */
export function isSameOrigin(ctx: Context, request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin } = request.headers;
  if (origin === 'null') return !ctx.baseUrl.startsWith('https:');
  return origin === undefined || origin === new URL(ctx.baseUrl).origin;
}

function isRead({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Forms for supporters: what another site sends is refused with a page that says so. */
export function onlyOwnForms(ctx: Context) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> =>
    isRead(request) || isSameOrigin(ctx, request)
      ? undefined
      : sendNotice(request, reply.code(403), 'forbidden');
}

/** Forms for operators: refuses what another site sends. */
export function requireOwnForm(ctx: Context) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> =>
    isRead(request) || isSameOrigin(ctx, request)
      ? undefined
      : sendProblem(reply, { status: 403, detail: 'This form was not sent from our own page' });
}

/** Whose session the request comes with, if it is still in force; else null. */
export async function findOperator(ctx: Context, request: FastifyRequest): Promise<string | null> {
  const session = sessionCookie(ctx).read(request);
  return session === '' ? null : findOperatorOfSession(ctx, session);
}

/** Pages for operators: signed in, or shown how to sign in. */
export function requireSession(ctx: Context) {
  return async (
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply | undefined> => {
    const operator = await findOperator(ctx, request);
    if (operator === null) {
      return sendHtml(reply.code(401), signInPage({ kind: 'needed', action: null }));
    }
    request.operator = operator;
    return undefined;
  };
}

/** A right key is taken at any time. `what` was wrong: keys, or what else a program may guess at. */
export function sendTooMany(reply: FastifyReply, restMs: number, what = 'key'): FastifyReply {
  const minutes = Math.ceil(restMs / 60_000);
  return sendProblem(reply.header('retry-after', Math.ceil(restMs / 1000)), {
    status: 429,
    code: 'too_many_tries',
    detail: `Too many wrong ${what}s came from your network; check the ${what}, or try again in ${minutes} minutes`,
  });
}

/** The API: `Authorization: Bearer KEY`. */
export function requireKey(ctx: Context) {
  return async (
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply | undefined> => {
    const [scheme, key] = (request.headers.authorization ?? '').split(' ');
    const holder = scheme?.toLowerCase() === 'bearer' && key ? await findKeyHolder(ctx, key) : null;
    if (holder === null) {
      const rest = key ? getGate(ctx).countMiss(request) : null;
      if (rest !== null) return sendTooMany(reply, rest);
      reply.header('www-authenticate', 'Bearer');
      return sendProblem(reply, {
        status: 401,
        detail:
          'Send an API key as "Authorization: Bearer KEY"; make one with: npm run tocsin -- keys create NAME',
      });
    }
    request.operator = `key:${holder}`;
    return undefined;
  };
}
