import { createServer } from 'node:http';
import { atEnd } from './at-end.ts';

/** A Mastodon-like server that wants the codes of another one: RFC 9700, 4.4.1. */
export interface HostileServer {
  url: string;
  host: string;
  /** Every code that was brought to its token endpoint. */
  codes: string[];
  /** Paths that it was asked for. */
  asked: string[];
  /** From now on whoever comes to authorize is sent to `honest`, an address of the attacker's own flow there. */
  sendOnTo(honest: string | null): void;
}

/** What the hostile server leaves as its victim brought it. */
const OF_THE_VICTIM = ['state'];

/** Answers as a server does, but its page for consent leads to the honest server's, with the attacker's request and the victim's state. */
export async function startHostileServer(): Promise<HostileServer> {
  const codes: string[] = [];
  const asked: string[] = [];
  let honest: string | null = null;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const body = await new Response(request as unknown as ReadableStream).text();
    const form = new URLSearchParams(body);
    asked.push(url.pathname);
    const json = (value: unknown, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    switch (url.pathname) {
      case '/.well-known/oauth-authorization-server':
        return json({
          issuer: `${url.origin}/`,
          scopes_supported: ['profile', 'write:statuses'],
          code_challenge_methods_supported: ['S256'],
        });
      case '/api/v2/instance':
        return json({ domain: url.host, version: '4.5.0' });
      case '/api/v1/apps':
        return json({ client_id: 'hostile-id', client_secret: 'hostile-secret' });
      case '/oauth/authorize': {
        if (honest === null) return json({ error: 'nowhere to lead to' }, 400);
        const target = new URL(honest);
        for (const name of OF_THE_VICTIM) {
          target.searchParams.set(name, url.searchParams.get(name) ?? '');
        }
        response.writeHead(302, { location: target.href });
        return response.end();
      }
      case '/oauth/token':
        codes.push(form.get('code') ?? '');
        return json({ error: 'invalid_grant' }, 400);
      default:
        return json({ error: 'Not Found' }, 404);
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  atEnd(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  const host = `127.0.0.1:${address.port}`;
  return {
    ...{ url: `http://${host}`, host, codes, asked },
    sendOnTo: (target) => {
      honest = target;
    },
  };
}

/** Follows a page that sends its visitor on at once. @throws when it does not. */
export async function sentOnFrom(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'manual' });
  const location = response.headers.get('location');
  if (location === null) throw new Error(`${url} answered ${response.status}`);
  return location;
}
