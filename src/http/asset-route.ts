import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { assetsDir } from '../web/index.ts';
import { type PackedBody, PUBLIC, packBody, sendPacked } from './page-cache.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** Compressed once in the life of a process, so as well as can be. */
const EFFORT = { gzip: 9, brotli: 11 };

/** The files that pages load, from memory. Their addresses carry their hash, so they may be kept for ever. */
export function assetRoute(): RouteOptions {
  const files = readdirSync(assetsDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(assetsDir.length + 1));
  const known = new Set(files);
  const packed = new Map<string, Promise<PackedBody>>();
  const pack = (name: string): Promise<PackedBody> => {
    const type = TYPES[extname(name)] ?? 'application/octet-stream';
    return packBody(readFileSync(`${assetsDir}/${name}`), type, EFFORT);
  };
  return {
    method: 'GET',
    url: '/assets/*',
    config: PUBLIC,
    schema: { hide: true },
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const { '*': name } = request.params as { '*': string };
      if (!known.has(name)) return reply.callNotFound();
      const body = packed.get(name) ?? pack(name);
      packed.set(name, body);
      reply.header('cache-control', 'public, max-age=31536000, immutable');
      // The widget is still whole where the page around it gives it no origin of its own: in a sandbox.
      reply.header('cross-origin-resource-policy', 'cross-origin');
      reply.header('access-control-allow-origin', '*');
      return sendPacked(request, reply, await body, 'Accept-Encoding');
    },
  };
}
