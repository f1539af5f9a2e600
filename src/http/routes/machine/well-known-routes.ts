import { readFileSync } from 'node:fs';
import type { RouteOptions } from 'fastify';
import { assetsDir } from '../../../web/index.ts';

/** What browsers and search engines ask for at fixed addresses, without having been told of it. */
export function wellKnownRoutes(): RouteOptions[] {
  const icon = readFileSync(`${assetsDir}/favicon.ico`);
  return [
    {
      method: 'GET',
      url: '/favicon.ico',
      schema: { hide: true },
      handler: (_request, reply) =>
        reply.header('cache-control', 'public, max-age=86400').type('image/x-icon').send(icon),
    },
    {
      method: 'GET',
      url: '/robots.txt',
      schema: { hide: true },
      handler: (_request, reply) =>
        reply
          .header('cache-control', 'public, max-age=3600')
          .type('text/plain; charset=utf-8')
          .send(ROBOTS),
    },
  ];
}

/** Nothing that leads to a person, and nothing that only works once. Campaigns, their pictures and cards may be found. */
const PRIVATE = [
  ...['/api/', '/at/', '/callback/', '/choose/', '/i/', '/join/', '/m/', '/metrics'],
  ...['/oauth/', '/ops', '/r/', '/sign/'],
];

/** RFC 9309. */
const ROBOTS = ['User-agent: *', ...PRIVATE.map((path) => `Disallow: ${path}`), ''].join('\n');
