import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../context.ts';
import { isSecret, newSecret } from '../secret-token.ts';

/** A cookie of ours: `__Host-` where the site is served by https, which no other host can set or overwrite. */
export interface CookieJar {
  read(request: FastifyRequest): string;
  write(reply: FastifyReply, value: string, maxAgeSeconds: number): void;
  clear(reply: FastifyReply): void;
}

function jar(ctx: Context, name: string): CookieJar {
  const secure = ctx.baseUrl.startsWith('https:');
  const full = secure ? `__Host-${name}` : name;
  // Lax, since supporters come back from the platform by a link from another site.
  const options = { path: '/', httpOnly: true, sameSite: 'lax' as const, secure };
  return {
    read: (request) => request.cookies[full] ?? '',
    write: (reply, value, maxAge) => {
      reply.setCookie(full, value, { ...options, maxAge });
    },
    clear: (reply) => {
      reply.clearCookie(full, options);
    },
  };
}

/** Ties an authorization to the browser that began it. */
export function browserCookie(ctx: Context): CookieJar {
  return jar(ctx, 'tocsin_browser');
}

/** Seconds that the browser's cookie lives: the time at the platform, and some. */
const BROWSER_LIFE_SECONDS = 3_600;

/** The secret of this browser, to be written only where something is begun; one that has none gets a new one. */
export function readBrowser(
  ctx: Context,
  request: FastifyRequest,
): { secret: string; write(reply: FastifyReply): void } {
  const cookie = browserCookie(ctx);
  const known = cookie.read(request);
  // What we did not make may be known to others.
  const secret = isSecret(known) ? known : newSecret();
  return { secret, write: (reply) => cookie.write(reply, secret, BROWSER_LIFE_SECONDS) };
}

/** An operator's session. */
export function sessionCookie(ctx: Context): CookieJar {
  return jar(ctx, 'tocsin_session');
}
