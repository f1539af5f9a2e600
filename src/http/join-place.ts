import type { FastifyReply, FastifyRequest } from 'fastify';
import type { StartedJoin } from '../actions/join/start-join.ts';
import type { Context } from '../context.ts';
import { flowId, wordsId } from './joined.ts';
import { type Admission, getGate } from './limits/gate.ts';

/** Servers are asked for a while longer; then it can be tried again. */
export const BUSY_MS = 10_000;

/** A way to a network goes on with the words it is for; asking a server that a visitor names may lead to nothing. */
export async function beginJoin(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  locator: string,
): Promise<Admission | null> {
  const { token } = request.params as { token: string };
  const tries = locator === '' ? [] : (['lookup'] as const);
  return getGate(ctx).begin(request, reply, 'join', { from: wordsId(token), tries });
}

/** What becomes of the place of a way that was begun. */
export function settleJoin(
  admission: Admission,
  started: StartedJoin,
  words: string,
  locator: string,
): void {
  if (started.kind === 'authorize') admission.keepUnder(flowId(started.state));
  else if (askedInVain(started, locator)) admission.fail('lookup');
  else admission.keepUnder(words);
}

/** A server that was named has been asked. */
function askedInVain(started: StartedJoin, locator: string): boolean {
  if (started.kind === 'failed' && started.failure.unfit === undefined) return locator !== '';
  // Other names are refused before anybody is asked.
  const { problem } = started.kind === 'where_refused' ? started : { problem: null };
  return problem !== null && problem !== 'malformed' && problem !== 'other_name';
}
