import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { NetworkKey } from './network.ts';

/** How long a client may take, and how many connections there may be. */
export const SOCKETS = {
  /** From the first byte of a request, or from connecting, to the end of its headers. */
  headersMs: 10_000,
  /** For a body, on all routes but those that say otherwise. */
  bodyMs: 20_000,
  /** The same for the largest there is, a picture of 8 MiB. */
  uploadMs: 120_000,
  /** Without a byte in either direction. Streams to watchers carry one every 15 s. */
  idleMs: 120_000,
  /** How often the two times above are looked at. */
  checkMs: 2_000,
  total: 5_000,
  perNetwork: 500,
  /**
   * Connections that wait to be taken while we are busy; Linux allows 4,096. With Node's own 511 a flood fills the line, and who finds
   * it full tries again after 1, 3, then 7 seconds.
   */
  waiting: 4_096,
} as const;

interface Caps {
  total: number;
  perNetwork: number;
}

/** One connection, and the request that is under way on it. */
interface Held {
  socket: Socket;
  network: NetworkKey | null;
  request: IncomingMessage | null;
}

/**
 * Bounds the connections of a server, as a whole and for each network. Where one too many is opened, room is made by closing the
 * one that has kept us waiting longest: for the end of its headers, of its body, or for its next request. One that is waiting
 * for us is never closed, so who sends whole requests is answered however many half ones are held open.
 */
export function capSockets(
  server: Server,
  networkOf: (address: string) => NetworkKey | null,
  caps: Caps = SOCKETS,
): void {
  const all = new Map<Socket, Held>();
  const sizes = new Map<NetworkKey, number>();
  const sizeOf = (network: NetworkKey): number => sizes.get(network) ?? 0;
  const count = (network: NetworkKey | null, by: 1 | -1): void => {
    if (network === null) return;
    const size = sizeOf(network) + by;
    if (size > 0) sizes.set(network, size);
    else sizes.delete(network);
  };
  const forget = (socket: Socket): void => {
    const held = all.get(socket);
    if (!held) return;
    all.delete(socket);
    count(held.network, -1);
  };
  /** Of those that keep us waiting the oldest; null where all are waiting for us. */
  const idlest = (network: NetworkKey | null): Socket | null => {
    for (const held of all.values()) {
      const waits = held.request === null || !held.request.complete;
      if (waits && (network === null || held.network === network)) return held.socket;
    }
    return null;
  };
  const makeRoom = (network: NetworkKey | null): boolean => {
    const socket = idlest(network);
    if (socket === null) return false;
    forget(socket);
    socket.destroy();
    return true;
  };
  server.on('connection', (socket) => {
    const network = networkOf(socket.remoteAddress ?? '');
    const full = network !== null && sizeOf(network) >= caps.perNetwork;
    if ((full && !makeRoom(network)) || (all.size >= caps.total && !makeRoom(null))) {
      socket.destroy();
      return;
    }
    all.set(socket, { socket, network, request: null });
    count(network, 1);
    socket.once('close', () => forget(socket));
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const held = all.get(socket);
    if (!held) return;
    held.request = request;
    response.once('close', () => {
      if (all.get(socket) !== held || held.request !== request) return;
      held.request = null;
      // Its wait for the next request begins now.
      all.delete(socket);
      all.set(socket, held);
    });
  });
}
