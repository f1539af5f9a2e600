import { createServer } from 'node:net';

/** A TCP port of 127.0.0.1 that nobody listens on right now. Somebody else may take it before you do: bind soon. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') {
        server.close();
        reject(new Error('The system gave no port.'));
        return;
      }
      server.close(() => resolve(address.port));
    });
  });
}
