import { STATUS_CODES } from 'node:http';
import type { FastifyReply, FastifySchemaValidationError } from 'fastify';
import { Type } from 'typebox';
import { notJson } from '../domain/campaign-file/json-place.ts';
import {
  ConflictError,
  DatabaseAwayError,
  type FieldProblem,
  InputError,
  NotFoundError,
} from '../domain/errors.ts';
import { queryProblems } from './query-problem.ts';

/** RFC 9457 problem details, with every field that is wrong. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.Optional(Type.String({ description: 'A stable word for programs' })),
    errors: Type.Optional(
      Type.Array(Type.Object({ field: Type.String(), message: Type.String() })),
    ),
  },
  { description: 'RFC 9457 problem details' },
);

/** A refusal (4xx): all of them have this shape. */
export const Refusal = Type.Object(
  {
    ...Problem.properties,
    code: Type.String({ description: 'A stable word for programs' }),
    errors: Type.Array(
      Type.Object({
        field: Type.String({
          description:
            'What of the request is meant: a field of the body by its dotted path, a parameter of the address, `path`, `body`, `authorization`; `state`: how things stand',
        }),
        message: Type.String({ description: 'What is wrong with it, and what to do' }),
      }),
      { minItems: 1 },
    ),
  },
  { description: 'RFC 9457 problem details' },
);

export interface ProblemDetails {
  status: number;
  detail: string;
  code?: string;
  errors?: readonly FieldProblem[];
  /** Of /readyz alone: everything that was found. */
  reasons?: readonly object[];
}

/** What an error means to an HTTP client. Anything not raised on purpose is a 500 that tells nothing. */
export function toProblem(error: unknown): ProblemDetails {
  if (error instanceof InputError) {
    return { ...fieldsProblem(422, error.problems), code: 'invalid_input' };
  }
  if (error instanceof NotFoundError) {
    return { status: 404, detail: error.message, code: 'not_found', errors: error.problems };
  }
  if (error instanceof ConflictError) {
    return { status: 409, detail: error.message, code: error.code, errors: error.problems };
  }
  if (error instanceof DatabaseAwayError) {
    return {
      status: 503,
      detail: 'The database is not working at the moment; try again in a few seconds',
      code: 'database_away',
    };
  }
  if ((error as { code?: unknown }).code === 'FST_ERR_HANDLER_TIMEOUT') {
    return { status: 503, detail: 'This took too long; try again in a few seconds', code: 'slow' };
  }
  const status = (error as { statusCode?: unknown }).statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    const { validation } = error as { validation?: FastifySchemaValidationError[] };
    if (validation) return fieldsProblem(status, queryProblems(validation));
    const message = bodyProblem(error as Error & { code?: string; said?: string });
    if (message === null) return { status, detail: (error as Error).message };
    return fieldsProblem(status, [{ field: 'body', message }]);
  }
  return { status: 500, detail: 'Something went wrong here; it has been noted' };
}

function fieldsProblem(status: number, errors: readonly FieldProblem[]): ProblemDetails {
  const detail = errors.map((p) => `${p.field}: ${p.message}`).join('; ');
  return { status, detail, errors };
}

/** Fastify's own refusals of a body, in words that name the mend; null for others. */
function bodyProblem(error: Error & { code?: string; said?: string }): string | null {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return `is larger than ${BODY_LIMIT / 1024} KiB; shorten it`;
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return error.said ?? notJson(null);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return 'send it with content-type application/json or application/yaml';
    default:
      return null;
  }
}

/** The most that a request may carry, in bytes. */
export const BODY_LIMIT = 256 * 1024;

/** RFC 9110, 10.2.3, in seconds: what is away now is asked for again then. */
export const RETRY_AFTER = '5';

/** Of the refusals that no error of ours stands behind: the word for programs, and what of the request is meant. */
const BY_STATUS: Readonly<Record<number, { code: string; field: string }>> = {
  400: { code: 'invalid_request', field: 'path' },
  401: { code: 'no_key', field: 'authorization' },
  403: { code: 'forbidden', field: 'origin' },
  404: { code: 'not_found', field: 'path' },
  408: { code: 'too_slow', field: 'body' },
  413: { code: 'too_large', field: 'body' },
  415: { code: 'wrong_type', field: 'body' },
  429: { code: 'too_many_tries', field: 'authorization' },
};

/** Every refusal has a word for programs and says which field is meant, what is wrong with it, and the mend. */
function completed(problem: ProblemDetails): ProblemDetails {
  const { status, detail } = problem;
  if (status < 400 || status >= 500) return problem;
  const { code, field } = BY_STATUS[status] ?? { code: 'refused', field: 'request' };
  return { code, errors: [{ field, message: detail }], ...problem };
}

export function sendProblem(reply: FastifyReply, given: ProblemDetails): FastifyReply {
  const problem = completed(given);
  if (problem.status === 503) reply.header('retry-after', RETRY_AFTER);
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .send({ type: 'about:blank', title: STATUS_CODES[problem.status] ?? 'Error', ...problem });
}
