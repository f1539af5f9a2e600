import { WebSocketServer } from 'ws';
import type { NostrConfig } from '../../../config/platforms.ts';
import { createCrash } from '../../../src/crash.ts';
import { createNostr } from '../../../src/platforms/nostr/nostr.ts';
import type { Platform, PostOrder } from '../../../src/platforms/platform.ts';
import { type SimulatorControl, signAs } from '../../../src/simulator/client.ts';
import { atEnd } from '../../support/at-end.ts';
import { startNetwork } from '../../support/network.ts';

export const BASE = 'https://tocsin.example';

/** Simulated relays; `relay(name)` is the address of one of them. */
export async function startRelays() {
  const { url, control } = await startNetwork('nostr');
  const relay = (name: string): string => `${url.replace('http:', 'ws:')}/${name}`;
  return { url, relay, control };
}

/** Our client of these relays; it ends with the test or file. */
export function nostrAt(relays: readonly string[], change: Partial<NostrConfig> = {}): Platform {
  const config = { relays, quorum: 2, postUrl: 'https://njump.example', timeoutMs: 5_000 };
  const nostr = createNostr({ ...config, ...change }, createCrash(''), () => BASE);
  atEnd(() => nostr.dispose());
  return nostr;
}

let made = 0;

/** An order of a new account that has signed its text, dated to `moment`; by default a second ago. */
export async function newOrder(
  nostr: Platform,
  control: SimulatorControl,
  text?: string,
  moment = new Date(Date.now() - 1_000),
): Promise<PostOrder> {
  made += 1;
  const handle = `p${process.pid}_${made}`;
  await control.createAccounts({ accounts: [{ handle }] });
  return orderOf(
    nostr,
    handle,
    text ?? `We ring the bell, number ${made}. #100Days #Право`,
    moment,
  );
}

export async function orderOf(
  nostr: Platform,
  handle: string,
  text: string,
  moment: Date,
): Promise<PostOrder> {
  const asked = { redirectUri: '', state: 's', locator: '', text, locale: 'en', moment };
  const { flowSecret } = await nostr.authorize(asked);
  const unsigned = nostr.toSign?.(flowSecret) as Parameters<typeof signAs>[1];
  const answer = { code: JSON.stringify(signAs(handle, unsigned)) };
  const grant = await nostr.exchange({ answer, flowSecret, redirectUri: '' });
  const account = await nostr.whoAmI(grant);
  const postKey = `delivery-${made}`;
  return { postKey, account, grant, text, locale: 'en', moment, staged: null };
}

/** A relay that says to every message what `say` makes of it. */
export async function sayingRelay(say: (message: unknown[]) => unknown): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      const answer = say(JSON.parse(String(data)) as unknown[]);
      if (answer === 'cut') socket.terminate();
      else if (answer !== undefined) {
        socket.send(typeof answer === 'string' ? answer : JSON.stringify(answer));
      }
    });
  });
  atEnd(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The relay has no port');
  return `ws://127.0.0.1:${address.port}`;
}
