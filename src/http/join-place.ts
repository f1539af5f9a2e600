import type { FastifyReply, FastifyRequest } from 'fastify';
import type { StartedJoin } from '../actions/start-join.ts';
import type { Context } from '../context.ts';
import { flowId, wordsId } from './joined.ts';
import { gateOf, type Place } from './limits/gate.ts';

/** Servers are asked for a while longer; then it can be tried again. */
export const BUSY_MS = 10_000;

/** A way to a network goes on with the words it is for; asking a server that a visitor names may lead to nothing. */
export async function beginJoin(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  where: string,
): Promise<Place | null> {
  const { token } = request.params as { token: string };
  const tries = where === '' ? [] : (['lookup'] as const);
  return gateOf(ctx).begin(request, reply, 'join', { from: wordsId(token), tries });
}

/** What becomes of the place of a way that was begun. */
export function settleJoin(place: Place, started: StartedJoin, words: string, where: string): void {
  if (started.kind === 'authorize') place.keep(flowId(started.state));
  else if (askedInVain(started, where)) place.fail('lookup');
  else place.keep(words);
}

/** A server that was named has been asked. */
function askedInVain(started: StartedJoin, where: string): boolean {
  if (started.kind === 'failed' && started.failure.unfit === undefined) return where !== '';
  // Other names are refused before anybody is asked.
  const { problem } = started.kind === 'where_refused' ? started : { problem: null };
  return problem !== null && problem !== 'malformed' && problem !== 'other_name';
}
