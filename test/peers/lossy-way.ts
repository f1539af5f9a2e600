import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { atEnd } from '../support/at-end.ts';

/** What gets lost: the server carries a request out and nobody hears of it, or the request does not arrive. */
type Lost = 'answers' | 'requests' | 'nothing';

/** Stands before a server, as proxies do, and loses what it is told to. */
export interface LossyWay {
  host: string;
  /** From now on, of what goes to this path. */
  lose(what: Lost, path: string): void;
}

/** `url`: of the server. It ends with the test or file. */
export async function lossyWay(url: string): Promise<LossyWay> {
  let losing: { what: Lost; path: string } = { what: 'nothing', path: '' };
  const server = createServer((incoming, answer) => {
    const lost = losing.path === incoming.url ? losing.what : 'nothing';
    void passOn(url, incoming, answer, lost);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  atEnd(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    host: `localhost:${(server.address() as AddressInfo).port}`,
    lose: (what, path) => {
      losing = { what, path };
    },
  };
}

/** Servers write their own address into what they say; here it is this one's. */
async function passOn(
  url: string,
  incoming: IncomingMessage,
  answer: ServerResponse,
  lost: Lost,
): Promise<void> {
  incoming.on('error', () => undefined);
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  if (lost === 'requests') return void incoming.socket.destroy();
  const { method, headers } = incoming;
  // A connection for each: some servers end theirs unsaid.
  const options = { method, headers: { ...headers, connection: 'close' }, agent: false };
  const passed = request(new URL(incoming.url ?? '/', url), options, (reply) => {
    let body = '';
    reply.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    // Hung up on in the middle: nobody is to wait for the rest.
    reply.once('error', () => incoming.socket.destroy());
    reply.once('end', () => {
      if (lost === 'answers') return incoming.socket.destroy();
      const { 'content-length': _length, connection: _connection, ...rest } = reply.headers;
      const own = body.replaceAll(url, `http://${incoming.headers.host}`);
      return answer.writeHead(reply.statusCode ?? 502, rest).end(own);
    });
  });
  passed.once('error', () => incoming.socket.destroy());
  passed.end(Buffer.concat(chunks));
}
