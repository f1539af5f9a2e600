import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import { fastifySSE } from '@fastify/sse';
import swagger from '@fastify/swagger';
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { compileLate } from '../compile-late.ts';
import type { Context } from '../context.ts';
import { DatabaseAwayError } from '../domain/errors.ts';
import { VERSION } from '../version.ts';
import { noticePage } from '../web/index.ts';
import type { NoticeKind } from '../web/views/notice.ts';
import { readBodies } from './bodies.ts';
import { limitBodies } from './limits/body-deadline.ts';
import { createFairShare } from './limits/fair-share.ts';
import { createNetworks, type NetworkKey } from './limits/network.ts';
import { capSockets, SOCKETS } from './limits/sockets.ts';
import { mendedAddress } from './mended-address.ts';
import { openapiDocument, openapiYaml } from './openapi.ts';
import { pickInterfaceLocale, sendHtml, toFrame } from './pages.ts';
import { BODY_LIMIT, RETRY_AFTER, sendProblem, toProblem } from './problem.ts';
import { pictureUpload } from './routes/supporter/picture-routes.ts';
import { allRoutes } from './routes.ts';
import { guardScopes } from './scopes.ts';
import { securityHeaders } from './security-headers.ts';

/**
 * A request that is not answered by then is answered with 503, such as while a database takes questions and says nothing. Longer
 * than a sign-in takes that is held while the database is away, with a network that answers slowly.
 */
const ANSWER_MS = 50_000;

/** How requests are checked: everything that is wrong is said, and nothing is left out in silence. */
export const AJV_OPTIONS = { customOptions: { removeAdditional: false, allErrors: true } };
const COMPILERS = compileLate();

/** Builds the HTTP side; nothing listens yet. `ctx.baseUrl` must be known before the first request. */
export async function createApp(ctx: Context): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: ctx.log,
    // A request's path may be a secret link, so requests are not logged one by one.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    trustProxy: ctx.config.http.trustProxy.length > 0 ? [...ctx.config.http.trustProxy] : false,
    ajv: AJV_OPTIONS,
    schemaController: { compilersFactory: COMPILERS },
    // Node's own time limits: for headers, for whole requests, and for connections on which nothing moves.
    http: { headersTimeout: SOCKETS.headersMs, connectionsCheckingInterval: SOCKETS.checkMs },
    requestTimeout: SOCKETS.uploadMs,
    connectionTimeout: SOCKETS.idleMs,
    handlerTimeout: ANSWER_MS,
    // Requests under way get their answers; instance.ts ends those that take too long.
    forceCloseConnections: 'idle',
    frameworkErrors: (error, _request, reply) => answerUnroutable(error, reply),
  }) as unknown as FastifyInstance;
  const networkOf = createNetworks(ctx.config.http.trustProxy);
  capSockets(app.server, networkOf);
  shareFairly(app, networkOf);
  await registerPlugins(app, ctx);
  app.decorateRequest('operator', '');
  readBodies(app);
  app.addHook('onRequest', async (request, reply) => {
    // PostgreSQL takes no NUL in a text, so nothing is at such an address.
    if (hasNul(request.params)) reply.callNotFound();
  });
  limitBodies(app);
  guardScopes(app, ctx);
  app.setErrorHandler((error, request, reply) => answerError(ctx, error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    const problem = {
      status: 404,
      detail: 'There is nothing at this address; /api/openapi.json has all there are',
    };
    return isApi(request) ? sendProblem(reply, problem) : sendNotFound(request, reply);
  });
  for (const route of allRoutes(ctx)) app.route(route);
  await app.register(pictureUpload(ctx));
  const document = { schema: { hide: true }, config: { scope: 'open' as const } };
  app.get('/api/openapi.json', document, async () => openapiDocument(app, ctx.baseUrl));
  app.get('/api/openapi.yaml', document, async (_request, reply) =>
    reply.type('application/yaml; charset=utf-8').send(openapiYaml(app, ctx.baseUrl)),
  );
  return app;
}

/** Before all other hooks: what waits for its turn has cost nothing yet. */
function shareFairly(
  app: FastifyInstance,
  networkOf: (address: string) => NetworkKey | null,
): void {
  const share = createFairShare();
  app.addHook('onRequest', (request, reply, done) => {
    const network = networkOf(request.ip);
    if (network === null) done();
    else share.enter(network, reply.raw, () => done());
  });
}

async function registerPlugins(app: FastifyInstance, ctx: Context): Promise<void> {
  const headers = securityHeaders(ctx.baseUrl.startsWith('https:'));
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers);
  });
  await app.register(cookie);
  await app.register(formbody, { bodyLimit: BODY_LIMIT });
  await app.register(fastifySSE, { heartbeatInterval: 15_000, serializer: String });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tocsin',
        version: VERSION,
        description: 'One message, one moment, many voices. Nothing here names a supporter.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
    },
  });
}

function isApi(request: FastifyRequest): boolean {
  return request.url.startsWith('/api/');
}

function hasNul(params: unknown): boolean {
  return Object.values(params ?? {}).some((value) => String(value).includes('\0'));
}

/** An address that cannot be decoded, or is endless: no hook has run for it, so its headers are set here. */
function answerUnroutable(error: Error, reply: FastifyReply): void {
  reply.headers({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  });
  const { status } = toProblem(error);
  // The error's own message repeats the address, which may be a secret link with a slip in it.
  sendProblem(reply, { status, detail: 'This address cannot be read; check how it is written' });
}

function answerError(
  ctx: Context,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const problem = toProblem(error);
  if (problem.code === 'database_away') {
    // A thousand visitors would say it a thousand times; the connections themselves log it once.
    ctx.log.debug({ req: request }, 'a request found the database away');
  } else if (problem.status >= 500) {
    ctx.log.error({ err: error, req: request }, 'a request failed');
  }
  if (isApi(request)) return sendProblem(reply, problem);
  if (problem.status === 503) reply.header('retry-after', RETRY_AFTER);
  if (problem.status === 404) return sendNotFound(request, reply);
  if (!(error instanceof DatabaseAwayError)) return sendNotice(request, reply, problem.status);
  return sendKind(request, reply.code(503), awayKind(request, error));
}

/** Where the answer to a commit is lost, what was sent may have been stored. */
function awayKind({ method }: FastifyRequest, { unspent }: DatabaseAwayError): NoticeKind {
  if (unspent) return 'away_unspent';
  return method === 'GET' || method === 'HEAD' ? 'away' : 'away_sent';
}

function sendNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const mended = mendedAddress(request);
  return mended === null ? sendNotice(request, reply, 404) : reply.redirect(mended, 302);
}

function sendNotice(request: FastifyRequest, reply: FastifyReply, status: number): FastifyReply {
  const kind = ((): NoticeKind => {
    if (status === 404) return 'not_found';
    if (status === 403) return 'forbidden';
    if (status === 413) return 'too_long';
    return status < 500 ? 'bad_request' : 'error';
  })();
  return sendKind(request, reply.code(status), kind);
}

function sendKind(request: FastifyRequest, reply: FastifyReply, kind: NoticeKind): FastifyReply {
  const frame = toFrame(pickInterfaceLocale(request), null);
  return sendHtml(reply, noticePage({ ...frame, kind, back: null }));
}
