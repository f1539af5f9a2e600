import { createServer, type Server, type Socket } from 'node:net';
import type { XConfig } from '../../../config/platforms.ts';
import { Secret } from '../../../config/secrets.ts';
import { createCrash } from '../../../src/crash.ts';
import type {
  AuthorizeInput,
  Grant,
  Platform,
  PostOrder,
} from '../../../src/platforms/platform.ts';
import { createX } from '../../../src/platforms/x/x.ts';
import { decideConsent, type SimulatorControl } from '../../../src/simulator/client.ts';
import { atEnd } from '../../support/at-end.ts';

export const REDIRECT = 'http://127.0.0.1:9/callback/x';

/** Our client of the X at `url`; it ends with the test or file. */
export function xAt(url: string, change: Partial<XConfig> = {}): Platform {
  const x = createX(
    {
      clientId: 'test-app',
      clientSecret: new Secret('test-secret'),
      apiUrl: url,
      authorizeUrl: `${url}/i/oauth2/authorize`,
      postUrl: 'https://x.example',
      timeoutMs: 10_000,
      ...change,
    },
    createCrash(''),
  );
  atEnd(() => x.dispose());
  return x;
}

/** A code for the account, as the network sends it back, with the verifier that belongs to it. */
export async function obtainCode(x: Platform, handle: string, state = 'state') {
  const { url, flowSecret } = await x.authorize(asking(state));
  const back = new URL(await decideConsent(url, handle));
  const code = back.searchParams.get('code') ?? '';
  return { answer: { code }, flowSecret, redirectUri: REDIRECT };
}

/** What is asked of a platform for somebody who wants to authorize. */
export function asking(state: string): AuthorizeInput {
  const { text, locale, moment } = loneOrder;
  return { redirectUri: REDIRECT, state, locator: '', text, locale, moment };
}

export async function obtainGrant(x: Platform, handle: string): Promise<Grant> {
  return x.exchange(await obtainCode(x, handle));
}

const REST = { locale: 'en', moment: new Date('2027-07-10T08:00:00Z'), staged: null };

let made = 0;

/** An order of a new account that has authorized us, with a text of its own. */
export async function newOrder(
  x: Platform,
  control: SimulatorControl,
  text?: string,
): Promise<PostOrder> {
  made += 1;
  const handle = `person${process.pid}_${made}`;
  const [account] = await control.createAccounts({ accounts: [{ handle }] });
  if (!account) throw new Error('The simulator made no account');
  return {
    postKey: `delivery-${made}`,
    account,
    grant: await obtainGrant(x, handle),
    text: text ?? `We ring the bell together, number ${made}. #100DaysOfInjustice`,
    ...REST,
  };
}

/** A network that does to every connection what `treat` does; gives its address. */
export async function rawNetwork(treat: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    treat(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  atEnd(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return `http://127.0.0.1:${address.port}`;
}

/** A network that gives every request this answer, whatever it is. */
export function answering(status: string, type: string, body: string): Promise<string> {
  const head = `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return rawNetwork((socket) => {
    socket.on('data', () => socket.end(head + body));
  });
}

/** An order that needs no network to make. */
export const loneOrder: PostOrder = {
  postKey: 'delivery',
  account: { id: '42', handle: 'somebody' },
  grant: { accessToken: 'token', refreshToken: 'refresh', expiresAt: null, scope: '' },
  text: 'We ring the bell together.',
  ...REST,
};
