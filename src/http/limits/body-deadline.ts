import type { FastifyInstance } from 'fastify';
import { SOCKETS } from './sockets.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How long its body may take to arrive, in milliseconds. */
    bodyMs?: number;
  }
}

/** A body that did not arrive in time: 408, RFC 9110, 15.5.9. */
class BodyTooSlow extends Error {
  readonly statusCode = 408;
  constructor() {
    super('The body did not arrive in time; send the request again');
  }
}

/**
 * Ends every request whose body takes longer than its route allows: with 408 and the end of its connection, or, where it has
 * been answered without its body, with the end alone.
 */
export function limitBodies(app: FastifyInstance, standardMs: number = SOCKETS.bodyMs): void {
  app.addHook('onRequest', async (request, reply) => {
    const { raw } = request;
    if (raw.complete || raw.method === 'GET' || raw.method === 'HEAD') return;
    const timer = setTimeout(() => {
      if (raw.complete) return;
      // Its reader, if there is one, takes an error for the end of the body, and answers with it.
      if (reply.sent || raw.listenerCount('error') === 0) raw.destroy();
      else raw.emit('error', new BodyTooSlow());
    }, request.routeOptions.config.bodyMs ?? standardMs);
    const over = (): void => clearTimeout(timer);
    raw.once('end', over).once('close', over);
  });
}
