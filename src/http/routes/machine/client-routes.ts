import type { RouteOptions } from 'fastify';
import type { Context } from '../../../context.ts';
import { sendProblem } from '../../problem.ts';

interface Params {
  platform: string;
  document: string;
}

/** Client metadata documents, for networks without app registration: their servers read at our address who we are. */
export function clientRoutes(ctx: Context): RouteOptions[] {
  return [
    {
      method: 'GET',
      url: '/oauth/:platform/:document',
      handler: async (request, reply) => {
        const { platform, document } = request.params as Params;
        const documents = (await ctx.platforms.get(platform)?.documents?.()) ?? {};
        if (!Object.hasOwn(documents, document)) {
          return sendProblem(reply, { status: 404, detail: 'There is nothing at this address' });
        }
        // Servers keep it by this; a change of the address or the key is to be seen soon.
        return reply
          .header('cache-control', 'public, max-age=60')
          .type('application/json')
          .send(documents[document]);
      },
    },
  ];
}
