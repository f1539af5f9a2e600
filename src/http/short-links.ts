import type { FastifyRequest } from 'fastify';
import { followShortLink } from '../actions/campaign/follow-short-link.ts';
import type { Context } from '../context.ts';
import { NotFoundError } from '../domain/errors.ts';
import { getGate } from './limits/gate.ts';

/**
 * The slug that a short link leads to; null for one that leads nowhere, which is counted as a wrong guess. Codes are short enough to
 * be guessed: ask the gate before (`mayGuess`, `restOf`), since the answer tells whether there is such a code.
 */
export async function followCounted(
  ctx: Context,
  request: FastifyRequest,
  code: string,
): Promise<string | null> {
  try {
    return await followShortLink(ctx, { code });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    getGate(ctx).countMiss(request);
    return null;
  }
}
