import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { SessionQueue } from './session-queue.ts';

/**
 * The embedded database, in a thread of its own so that its work never delays a timer of the main one.
 * It is one session behind a multiplexer: settings made here hold for every connection.
 */
const { folder, socket } = workerData as { folder: string; socket: string };

const pglite = await PGlite.create({ dataDir: folder });
await pglite.exec('set search_path = public, bullmq');
const server = new PGLiteSocketServer({ db: pglite, path: socket, maxConnections: 100 });
// Private to the type checker alone: it is what stands in for the server's own queue.
Object.assign(server, { queryQueue: new SessionQueue(pglite) });
await server.start();

parentPort?.on('message', async (message) => {
  if (message !== 'stop') return;
  await server.stop();
  await pglite.close();
  parentPort?.postMessage('stopped');
  parentPort?.close();
});
parentPort?.postMessage('ready');
