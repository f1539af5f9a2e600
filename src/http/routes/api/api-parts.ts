import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, Refusal, sendProblem } from '../../problem.ts';

/** What every route of the API says about itself. */

const answer = (schema: typeof Problem | typeof Refusal) => ({
  description: 'RFC 9457 problem details',
  content: { 'application/problem+json': { schema } },
});
export const refusals = {
  ...Object.fromEntries(
    [400, 401, 404, 409, 413, 415, 422, 429].map((status) => [status, answer(Refusal)]),
  ),
  500: answer(Problem),
};
export const security = [{ key: [] }];
const FORM = 'application/x-www-form-urlencoded';

/** Pages read forms, so they are parsed; the API takes JSON alone. HTTP clients that send no body may call that a form, too. */
export async function refuseForms(request: FastifyRequest, reply: FastifyReply) {
  const isEmpty = request.headers['content-length'] === '0';
  if (request.mediaType !== FORM || isEmpty) return undefined;
  const message = 'send it with content-type application/json';
  const errors = [{ field: 'body', message }];
  return sendProblem(reply, { status: 415, detail: `body: ${message}`, errors });
}
