import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../context.ts';

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

/** An operator's session. */
export function sessionCookie(ctx: Context): CookieJar {
  return jar(ctx, 'tocsin_session');
}
