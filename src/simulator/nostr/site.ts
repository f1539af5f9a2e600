import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { createAccounts, type SimulatedAccount } from '../accounts.ts';
import { defaultBehaviour } from '../behaviour.ts';
import { createControl } from '../control.ts';
import { createOrderedFaults } from '../faults.ts';
import type { Incoming, PlatformControl, SimulatedResponse, World } from '../platform.ts';
import { createRecord } from '../record.ts';
import { isNameless, NAMELESS } from '../server.ts';
import type { Site, SiteOptions } from '../site.ts';
import { KEEP_ALIVE_SECONDS, nowUs } from '../wire.ts';
import { createConversation } from './conversation.ts';
import { createRelayStore, informationOf, type RelayStore } from './relay.ts';
import { pubkeyOf, signAs } from './sign.ts';

const MAX_MESSAGE = 512 * 1024;
const PUBKEY = /^[0-9a-f]{64}$/;

/**
 * Nostr relays on one port: whatever path a client connects to is a relay of its own, so that several can be had. They share
 * accounts, behaviour and record, in which the path tells them apart; an event is a post when the first of them takes it.
 */
export function createNostrSite(options: SiteOptions): Site {
  let url = '';
  const world: World = {
    // A handle that is a key is a stranger's; all others have a key made of them.
    accounts: createAccounts((_nth, handle) => (PUBKEY.test(handle) ? handle : pubkeyOf(handle))),
    behaviour: defaultBehaviour(),
    limitsEpoch: 0,
  };
  const store = createRelayStore(world);
  const parts = {
    world,
    store,
    faults: createOrderedFaults(),
    record: createRecord(options.recordFile),
    seed: options.seed,
  };
  const control = createControl({ ...parts, platform: controlOf(store) });
  const isRefused = (request: IncomingMessage): boolean => {
    const agent = request.headers['user-agent'];
    if (!isNameless({ headers: { 'user-agent': agent } })) return false;
    const asked = { at_us: nowUs(), method: 'GET', path: request.url ?? '/' };
    const { status } = NAMELESS;
    parts.record.add({ ...asked, route: 'other', status, account: null, handle: null });
    return true;
  };
  // Node's own five seconds end while a busy client sends its next request, which then fails.
  const keepAliveTimeout = KEEP_ALIVE_SECONDS * 1_000;
  const server = createServer({ keepAliveTimeout }, (request, response) => {
    void answerHttp(control, world, isRefused, request, response);
  });
  const sockets = new WebSocketServer({
    ...{ server, maxPayload: MAX_MESSAGE },
    verifyClient: ({ req }, answer) =>
      isRefused(req) ? answer(false, NAMELESS.status, 'nameless') : answer(true),
  });
  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const hear = createConversation(parts, socket, (request.url ?? '/').split('?')[0] ?? '/');
    socket.on('message', (data, isBinary) => {
      if (!isBinary) hear(String(data), nowUs());
    });
    socket.on('error', () => socket.terminate());
  });
  return {
    get url() {
      if (!url) throw new Error('The simulator has not started, so it has no address yet');
      return url;
    },
    async start() {
      // The relays' server forwards the errors of this one, which have no other listener.
      sockets.on('error', () => undefined);
      server.listen(options.port, options.host);
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      url = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
    },
    async dispose() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
      await control.dispose();
      await parts.record.close();
    },
  };
}

/** Nostr has no grants: an event that the account signs takes their place. */
function controlOf(store: RelayStore): PlatformControl {
  return {
    registerApp: () => undefined,
    /** `scope`: the unsigned event as JSON; without one, some event that is dated now. The token is the signed one. */
    grant(account: SimulatedAccount, _clientId, scope) {
      const now = Math.floor(Date.now() / 1_000);
      const unsigned = { kind: 1, created_at: now, tags: [], content: 'We ring the bell.' };
      const event = signAs(account.handle, scope === undefined ? unsigned : JSON.parse(scope));
      const expiresAt = new Date(Date.now() + 365 * 86_400_000).toISOString();
      return { accessToken: JSON.stringify(event), refreshToken: null, expiresAt };
    },
    revokeGrants: () => 0,
    expireAccessTokens: () => 0,
    reset: store.clear,
  };
}

async function answerHttp(
  control: ReturnType<typeof createControl>,
  world: World,
  isRefused: (request: IncomingMessage) => boolean,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const incoming = await readIncoming(request);
  const send = ({ status, headers, body }: SimulatedResponse) => {
    const [, type = 'text/plain'] = /^content-type: (.*)\r\n/.exec(headers) ?? [];
    response.writeHead(status, { 'content-type': type }).end(body);
  };
  if (control.owns(incoming)) return control.handle(incoming, { answer: send });
  if (isRefused(request)) return send(NAMELESS);
  const isAsked = incoming.headers.accept?.includes('application/nostr+json');
  const information = () => JSON.stringify(informationOf(world.behaviour.nostr, incoming.path));
  const body = isAsked ? information() : 'Please use a Nostr client to connect.\n';
  const type = isAsked ? 'application/nostr+json' : 'text/plain; charset=utf-8';
  return send({ status: 200, headers: `content-type: ${type}\r\n`, body });
}

async function readIncoming(request: IncomingMessage): Promise<Incoming> {
  const atUs = nowUs();
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const [path = '/', query = ''] = (request.url ?? '/').split('?');
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const body = Buffer.concat(chunks).toString('utf8');
  return { atUs, method: request.method ?? 'GET', path, query, headers, body };
}
