import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { Type } from 'typebox';
import { acceptPlatform } from '../../actions/platform/accept-platform.ts';
import { listPlatforms } from '../../actions/platform/list-platforms.ts';
import { withdrawAcceptance } from '../../actions/platform/withdraw-acceptance.ts';
import type { Context } from '../../context.ts';
import { ConflictError, InputError } from '../../domain/errors.ts';
import { PlatformJson, platformJson } from '../../present/platform.ts';
import { operatorPlatformsPage } from '../../web/index.ts';
import { SIGN_OUT } from '../operator-home.ts';
import { sendHtml } from '../pages.ts';
import { operatorPlatform } from '../views/campaign-views.ts';
import { refusals, security } from './api/api-parts.ts';

const PAGE = '/ops/platforms';

/** Which platforms there are and what their rules say. */
export function platformApiRoutes(ctx: Context): RouteOptions[] {
  return [
    {
      method: 'GET',
      url: '/api/v1/platforms',
      schema: {
        summary: 'The platforms, what their rules say, and who accepted them',
        security,
        response: { 200: Type.Object({ platforms: Type.Array(PlatformJson) }), ...refusals },
      },
      handler: async () => ({ platforms: (await listPlatforms(ctx)).map(platformJson) }),
    },
  ];
}

/** The same for operators, who accept them. */
export function platformPageRoutes(ctx: Context): RouteOptions[] {
  return [
    { method: 'GET', url: PAGE, handler: (_request, reply) => sendPlatform(ctx, reply) },
    {
      method: 'POST',
      url: `${PAGE}/:name/accept`,
      handler: (request, reply) => changed(ctx, reply, () => accept(ctx, request)),
    },
    {
      method: 'POST',
      url: `${PAGE}/:name/withdraw`,
      handler: (request, reply) =>
        changed(ctx, reply, () =>
          withdrawAcceptance(ctx, { name: parseName(request), operator: request.operator }),
        ),
    },
  ];
}

async function sendPlatform(ctx: Context, reply: FastifyReply, problem: string | null = null) {
  const platforms = (await listPlatforms(ctx)).map(operatorPlatform);
  return sendHtml(reply, operatorPlatformsPage({ platforms, problem, signOutAction: SIGN_OUT }));
}

/** Does what a form asks for; then the page again, with what stood in the way, if anything did. */
async function changed(ctx: Context, reply: FastifyReply, act: () => Promise<unknown>) {
  try {
    await act();
  } catch (error) {
    if (error instanceof ConflictError) return sendPlatform(ctx, reply.code(409), error.message);
    if (error instanceof InputError) return sendPlatform(ctx, reply.code(422), error.message);
    throw error;
  }
  return reply.redirect(PAGE, 303);
}

async function accept(ctx: Context, request: FastifyRequest): Promise<void> {
  const name = parseName(request);
  const { confirm, as_of: asOf } = (request.body ?? {}) as { confirm?: unknown; as_of?: unknown };
  if (String(confirm ?? '').trim() !== name) {
    throw new InputError([{ field: 'confirm', message: `type ${name} to accept its rules` }]);
  }
  await acceptPlatform(ctx, { name, asOf: String(asOf ?? ''), operator: request.operator });
}

function parseName(request: FastifyRequest): string {
  return (request.params as { name: string }).name;
}
