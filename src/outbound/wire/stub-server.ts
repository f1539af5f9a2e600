import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A server in this process that answers everything in the same way. */
export interface StubServer {
  origin: string;
  dispose(): void;
}

/** Starts one on 127.0.0.1, on a port that is free. `answer`: a whole HTTP answer, to requests that have JSON in them. */
export async function startStubServer(answer: string): Promise<StubServer> {
  const sockets = new Set<Socket>();
  const bytes = Buffer.from(answer);
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    // The body ends every request.
    socket.on('data', (chunk) => chunk.at(-1) === CLOSING_BRACE && socket.write(bytes));
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    dispose: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const CLOSING_BRACE = '}'.charCodeAt(0);
