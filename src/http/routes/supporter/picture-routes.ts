import type {
  FastifyError,
  FastifyPluginAsync,
  FastifyReply,
  FastifyRequest,
  RouteOptions,
} from 'fastify';
import { Type } from 'typebox';
import { setPicture } from '../../../actions/campaign/set-picture.ts';
import { showPicture } from '../../../actions/campaign/show-picture.ts';
import type { Context } from '../../../context.ts';
import { NotFoundError } from '../../../domain/errors.ts';
import { MAX_PICTURE } from '../../../domain/picture.ts';
import { PictureJson, pictureJson } from '../../../present/picture.ts';
import { findOperator } from '../../guards.ts';
import { SOCKETS } from '../../limits/sockets.ts';
import { sendProblem } from '../../problem.ts';
import { inScope } from '../../scopes.ts';
import { refusals, security } from '../api/api-parts.ts';

/** What a picture may be sent as; what it is, its bytes say. */
const TYPES = ['image/jpeg', 'image/png', 'image/webp'];

/** A campaign's picture as pages load it. */
export function pictureRoutes(ctx: Context): RouteOptions[] {
  return [
    {
      method: 'GET',
      url: '/c/:slug/picture-:file',
      schema: { hide: true },
      handler: (request, reply) => sendPicture(ctx, request, reply),
    },
  ];
}

/** The one route that takes pictures. It reads nothing else, and no other route reads a picture. */
export function pictureUpload(ctx: Context): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      TYPES,
      { parseAs: 'buffer', bodyLimit: MAX_PICTURE },
      async (_request: FastifyRequest, body: Buffer) => body,
    );
    app.setErrorHandler<FastifyError>((error, _request, reply) => {
      const refusal = REFUSALS[error.code];
      if (!refusal) throw error;
      const { status, message } = refusal;
      const errors = [{ field: 'picture', message }];
      return sendProblem(reply, { status, detail: `picture: ${message}`, errors });
    });
    for (const route of inScope('api', [upload(ctx)])) app.route(route);
  };
}

/** Fastify's refusals of a body, in the words of this route. */
const REFUSALS: Readonly<Record<string, { status: number; message: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, message: 'is larger than 8 MiB; make it smaller' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    message: `send the file itself with content-type ${TYPES.join(', ')}`,
  },
};

function upload(ctx: Context): RouteOptions {
  const file = { schema: { type: 'string', contentMediaType: 'application/octet-stream' } };
  return {
    method: 'PUT',
    url: '/api/v1/campaigns/:slug/picture',
    validatorCompiler: () => () => true,
    config: { bodyMs: SOCKETS.uploadMs },
    schema: {
      summary: 'Give a campaign its picture, before it is approved',
      security,
      params: Type.Object({ slug: Type.String() }),
      body: { content: Object.fromEntries(TYPES.map((type) => [type, file])) },
      response: { 200: PictureJson, ...refusals },
    },
    handler: async (request) => {
      const { slug } = request.params as { slug: string };
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      return pictureJson(ctx, await setPicture(ctx, { slug, bytes, author: request.operator }));
    },
  };
}

const FILE = /^([0-9a-f]{16})-(\d{3,4})\.webp$/;

async function sendPicture(ctx: Context, request: FastifyRequest, reply: FastifyReply) {
  const { slug, file } = request.params as { slug: string; file: string };
  const [, hash, width] = FILE.exec(file) ?? [];
  if (hash === undefined) throw missing();
  const { bytes, open } = await showPicture(ctx, { slug, hash, width: Number(width) });
  if (!open && (await findOperator(ctx, request)) === null) throw missing();
  return reply
    .header('cache-control', open ? 'public, max-age=31536000, immutable' : 'no-store')
    .type('image/webp')
    .send(bytes);
}

function missing(): NotFoundError {
  return new NotFoundError('There is no such picture');
}
