import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyContextConfig, FastifyReply, FastifyRequest } from 'fastify';
import { createStaleWhileRevalidate } from '../async/stale-while-revalidate.ts';
import type { Context } from '../context.ts';
import { createBoundedMemo } from '../domain/bounded-memo.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer is the same for every visitor, so that it may be cached. */
    isPublic?: true;
  }
}

/** What a route says that is answered from memory. */
export const PUBLIC: FastifyContextConfig = { isPublic: true };

/** One page for everybody. */
export interface PublicPage {
  /** All that changes it: its address, the language of the interface, that of the text. */
  key: string;
  /** Content type; texts are compressed, all else goes as it is. */
  type: string;
  make(): Promise<string | Buffer>;
}

export interface PageCache {
  /** Answers with the page from memory, at most a second old; a minute while a new one cannot be had. @throws what `make` throws. */
  send(request: FastifyRequest, reply: FastifyReply, page: PublicPage): Promise<FastifyReply>;
}

export const HTML = 'text/html; charset=utf-8';

/** A page is made anew after half a second; twice that, and those who ask wait for it. */
const FRESH_MS = 500;
/** Pages of one process, each with its compressed forms: some 60 KB. */
const MAX_PAGES = 500;

/**
 * Browsers ask again after a second, which costs them an empty answer; a cache between us and them may help out for a minute
 * while we are away.
 */
const CACHE_CONTROL = 'public, max-age=1, stale-if-error=60';

const caches = new WeakMap<Context, PageCache>();

/** The public pages of this process. */
export function publicPages(ctx: Context): PageCache {
  const known = caches.get(ctx);
  if (known) return known;
  const made = createPageCache();
  caches.set(ctx, made);
  return made;
}

function createPageCache(): PageCache {
  const pages = createStaleWhileRevalidate<PackedBody>({
    freshMs: () => FRESH_MS,
    maxEntries: MAX_PAGES,
  });
  const packed = new Map<string, PackedBody>();
  /** A page that has not changed keeps its compressed forms. */
  const pack = async ({ key, type, make }: PublicPage): Promise<PackedBody> => {
    const body = Buffer.from(await make());
    const tag = entityTag(body);
    const last = packed.get(key);
    const now = last?.tag === tag ? last : await packBody(body, type, QUICK);
    packed.delete(key);
    packed.set(key, now);
    const [oldest] = packed.size > MAX_PAGES ? packed.keys() : [];
    if (oldest !== undefined) packed.delete(oldest);
    return now;
  };
  return {
    async send(request, reply, page) {
      if (request.routeOptions.config.isPublic !== true) {
        throw new Error(`${request.routeOptions.url} is not public and cannot be kept`);
      }
      const body = await pages.get(page.key, () => pack(page));
      if (reply.hasHeader('set-cookie')) throw new Error('A public page sets no cookie');
      reply.header('cache-control', CACHE_CONTROL);
      return sendPacked(request, reply, body, 'Accept-Encoding, Accept-Language');
    },
  };
}

/** A body with its compressed forms. There is no secret in any of them: their length would tell of it. */
export interface PackedBody {
  type: string;
  tag: string;
  plain: Buffer;
  /** Null where it would be no shorter. */
  gzip: Buffer | null;
  br: Buffer | null;
}

/** How much work a shorter form is worth: 9 and 11 are the most. */
export interface Effort {
  gzip: number;
  brotli: number;
}

/** For what is made again and again. */
const QUICK: Effort = { gzip: 6, brotli: 5 };

const gzipAsync = promisify(gzip);
const brotliAsync = promisify(brotliCompress);

export async function packBody(plain: Buffer, type: string, effort: Effort): Promise<PackedBody> {
  const tag = entityTag(plain);
  if (!isText(type)) return { type, tag, plain, gzip: null, br: null };
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: effort.brotli,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
  };
  const [zipped, brotlied] = await Promise.all([
    gzipAsync(plain, { level: effort.gzip }),
    brotliAsync(plain, { params }),
  ]);
  const shorter = (one: Buffer): Buffer | null => (one.length < plain.length ? one : null);
  return { type, tag, plain, gzip: shorter(zipped), br: shorter(brotlied) };
}

function isText(type: string): boolean {
  return /^text\/|^image\/svg|javascript|json|xml/.test(type);
}

function entityTag(body: Buffer): string {
  return createHash('sha256').update(body).digest('base64url').slice(0, 16);
}

/** Answers with the form that the browser can read, or, if it has it already, with nothing. */
export function sendPacked(
  request: FastifyRequest,
  reply: FastifyReply,
  body: PackedBody,
  vary: string,
): FastifyReply {
  const { 'accept-encoding': accepted = '', 'if-none-match': held } = request.headers;
  const encoding = pickEncoding(String(accepted), body);
  const tag = encoding === null ? `"${body.tag}"` : `"${body.tag}-${encoding}"`;
  reply.header('vary', vary).header('etag', tag);
  if (held !== undefined && holds(held, tag)) return reply.code(304).send();
  if (encoding !== null) reply.header('content-encoding', encoding);
  return reply.type(body.type).send(encoding === null ? body.plain : body[encoding]);
}

type Encoding = 'br' | 'gzip';

function pickEncoding(accepted: string, body: PackedBody): Encoding | null {
  const wanted = preferences(accepted, () => readAccepted(accepted));
  return wanted.find((encoding) => body[encoding] !== null) ?? null;
}

/** Browsers send a handful of different ones. */
const preferences = createBoundedMemo<readonly Encoding[]>(100);

/** RFC 9110, 12.5.3; ours in the order of their worth, whatever order they are asked for in. */
function readAccepted(accepted: string): Encoding[] {
  const weights = new Map(
    accepted
      .slice(0, 200)
      .toLowerCase()
      .split(',')
      .map((one) => {
        const [name = '', ...parameters] = one.split(';').map((part) => part.trim());
        const weight = parameters.find((parameter) => parameter.startsWith('q='));
        return [name, weight === undefined ? 1 : Number(weight.slice(2))] as const;
      }),
  );
  return (['br', 'gzip'] as const).filter(
    (name) => (weights.get(name) ?? weights.get('*') ?? 0) > 0,
  );
}

/** RFC 9110, 13.1.2: weak comparison, since a proxy may have weakened what we sent. */
function holds(held: string, tag: string): boolean {
  return held.split(',').some((one) => {
    const mine = one.trim().replace(/^W\//, '');
    return mine === tag || mine === '*';
  });
}
