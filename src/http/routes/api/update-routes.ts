import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { Type } from 'typebox';
import { postUpdate } from '../../../actions/campaign/post-update.ts';
import { showUpdates } from '../../../actions/campaign/show-updates.ts';
import { withdrawUpdate } from '../../../actions/campaign/withdraw-update.ts';
import type { Context } from '../../../context.ts';
import { UpdateInput } from '../../../domain/campaign-update.ts';
import { UpdateJson, updateJson } from '../../../present/update.ts';
import { WarningsJson } from '../../../present/warnings.ts';
import { refusals, refuseForms, security } from './api-parts.ts';

const params = Type.Object({ slug: Type.String() });
const Posted = Type.Object({
  ...UpdateJson.properties,
  warnings: WarningsJson('while few have read it'),
});
const UPDATES = '/api/v1/campaigns/:slug/updates';

/** News of a campaign over the API. */
export function updateRoutes(ctx: Context): RouteOptions[] {
  return [
    {
      method: 'GET',
      url: UPDATES,
      schema: {
        summary: 'The updates of a campaign, the newest first',
        security,
        params,
        response: { 200: Type.Object({ updates: Type.Array(UpdateJson) }), ...refusals },
      },
      handler: async (request) => {
        const updates = await showUpdates(ctx, request.params as { slug: string });
        return { updates: updates.map(updateJson) };
      },
    },
    {
      method: 'POST',
      url: UPDATES,
      preParsing: refuseForms,
      // The schema is for the document; the action judges, in words that name the mend.
      validatorCompiler: () => () => true,
      schema: {
        summary: 'Post an update on a public campaign’s page',
        security,
        params,
        body: UpdateInput,
        response: { 201: Posted, ...refusals },
      },
      handler: (request, reply) => post(ctx, request, reply),
    },
    {
      method: 'DELETE',
      url: `${UPDATES}/:id`,
      schema: {
        summary: 'Withdraw an update; its text is forgotten',
        security,
        params: Type.Object({ slug: Type.String(), id: Type.String() }),
        response: { 200: UpdateJson, ...refusals },
      },
      handler: async (request) => {
        const named = request.params as { slug: string; id: string };
        return updateJson(await withdrawUpdate(ctx, { ...named, author: request.operator }));
      },
    },
  ];
}

async function post(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { slug } = request.params as { slug: string };
  const order = { slug, document: request.body, author: request.operator };
  const { update, warnings } = await postUpdate(ctx, order);
  return reply.code(201).send({ ...updateJson(update), warnings: [...warnings] });
}
