import type { FastifyRequest, RouteOptions } from 'fastify';
import { type TSchema, Type } from 'typebox';
import { abortSending } from '../../../actions/stop/abort-sending.ts';
import { pauseSending } from '../../../actions/stop/pause-sending.ts';
import { releaseRestored } from '../../../actions/stop/release-restored.ts';
import { resumeSending } from '../../../actions/stop/resume-sending.ts';
import { showHolds } from '../../../actions/stop/show-holds.ts';
import type { StopOrder, StopResult, StopScope } from '../../../actions/stop/stop-target.ts';
import type { Context } from '../../../context.ts';
import { InputError } from '../../../domain/errors.ts';
import { isMapping, shapeProblems } from '../../../domain/schema-problems.ts';
import { HoldJson, holdJson } from '../../../present/hold.ts';
import { refusals, refuseForms, security } from './api-parts.ts';

const Stopped = Type.Object({
  changed: Type.Boolean({ description: 'False when it was so already; nothing is noted then' }),
  holds: Type.Array(HoldJson, { description: 'What holds the same posts now' }),
});
const Aborted = Type.Object({
  ...Stopped.properties,
  campaigns: Type.Array(Type.String(), { description: 'Slugs of the campaigns it ended' }),
  dropped: Type.Integer({ description: 'Posts that now never go out' }),
});
const reason = Type.Optional(
  Type.String({ maxLength: 200, description: 'why, in 200 characters at most' }),
);
const Order = Type.Object({ reason }, { additionalProperties: false });
const AbortOrder = Type.Object(
  {
    confirm: Type.String({ description: 'the slug, the platform’s name, or `instance`, exactly' }),
    reason,
  },
  { additionalProperties: false },
);

/** Where each scope has its verbs, and which parameter of the address names its subject. */
const SCOPES: readonly { scope: StopScope; base: string; parameter: string | null }[] = [
  { scope: 'campaign', base: '/api/v1/campaigns/:slug', parameter: 'slug' },
  { scope: 'platform', base: '/api/v1/platforms/:name', parameter: 'name' },
  { scope: 'instance', base: '/api/v1/instance', parameter: null },
];

/** Pause, resume and abort over the API, and what is held. */
export function stopRoutes(ctx: Context): RouteOptions[] {
  const holds: RouteOptions = {
    method: 'GET',
    url: '/api/v1/holds',
    schema: {
      summary: 'What is held now, and by whom',
      security,
      response: { 200: Type.Object({ holds: Type.Array(HoldJson) }), ...refusals },
    },
    handler: async () => ({ holds: (await showHolds(ctx)).map(holdJson) }),
  };
  return [holds, releaseRoute(ctx), ...SCOPES.flatMap((one) => verbsOf(ctx, one))];
}

function releaseRoute(ctx: Context): RouteOptions {
  return {
    method: 'POST',
    url: '/api/v1/instance/release',
    preParsing: refuseForms,
    validatorCompiler: () => () => true,
    schema: {
      summary: 'Let sending go on after a restore from a backup',
      security,
      body: Order,
      response: { 200: Stopped, ...refusals },
    },
    handler: async (request) => {
      const given = bodyOf(request, Order);
      return answerOf(await releaseRestored(ctx, { ...given, actor: request.operator }));
    },
  };
}

function verbsOf(ctx: Context, of: (typeof SCOPES)[number]): RouteOptions[] {
  const { scope, base, parameter } = of;
  const params = parameter === null ? {} : { params: Type.Object({ [parameter]: Type.String() }) };
  const verb = (
    name: string,
    summary: string,
    [body, answer]: readonly [TSchema, TSchema],
    act: (order: StopOrder, body: Record<string, unknown>) => Promise<object>,
  ): RouteOptions => ({
    method: 'POST',
    url: `${base}/${name}`,
    preParsing: refuseForms,
    // The schema is for the document; the body is judged below, in words that name the mend.
    validatorCompiler: () => () => true,
    schema: { summary, security, ...params, body, response: { 200: answer, ...refusals } },
    handler: async (request) => {
      const given = bodyOf(request, body);
      return act({ ...parseOrder(request, scope, parameter), ...given }, given);
    },
  });
  return [
    verb('pause', `Pause sending: ${scope}`, [Order, Stopped], async (order) =>
      answerOf(await pauseSending(ctx, order)),
    ),
    verb('resume', `Resume sending: ${scope}`, [Order, Stopped], async (order) =>
      answerOf(await resumeSending(ctx, order)),
    ),
    verb(
      'abort',
      `Abort sending, for good: ${scope}`,
      [AbortOrder, Aborted],
      async (order, given) => {
        const result = await abortSending(ctx, { ...order, confirm: String(given.confirm) });
        return { ...answerOf(result), campaigns: result.campaigns, dropped: result.dropped };
      },
    ),
  ];
}

function parseOrder(
  request: FastifyRequest,
  scope: StopScope,
  parameter: string | null,
): StopOrder {
  const params = request.params as Record<string, string>;
  const subject = parameter === null ? '' : (params[parameter] ?? '');
  return { scope, subject, actor: request.operator };
}

/** An order without a body is one without a reason. @throws InputError */
function bodyOf(request: FastifyRequest, schema: TSchema): Record<string, unknown> {
  const body: unknown = request.body ?? {};
  if (!isMapping(body)) {
    throw new InputError([
      {
        field: 'body',
        message: 'must be an object of fields; send {} where there is nothing to say',
      },
    ]);
  }
  const problems = shapeProblems(schema, body, '');
  if (problems.length > 0) throw new InputError(problems);
  return body;
}

function answerOf({ changed, holds }: StopResult) {
  return { changed, holds: holds.map(holdJson) };
}
