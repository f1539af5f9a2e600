import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { atEnd } from '../support/at-end.ts';

/** A network that gives this answer to whatever it is asked; the promise is its address. */
export function answers(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): () => Promise<string> {
  const isPage = typeof body === 'string';
  const type = isPage ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8';
  const text = isPage ? body : JSON.stringify(body);
  return async () => {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(status, { 'content-type': type, ...headers }).end(text);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    atEnd(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
}

/** What a gateway says in the place of a platform. */
export const PAGE = '<html><body><h1>502 Bad Gateway</h1></body></html>';
