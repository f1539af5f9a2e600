import { randomBytes } from 'node:crypto';
import type { PlatformConfigs } from '../../config/platforms.ts';
import { createCrash } from '../../src/crash.ts';
import { createGuard } from '../../src/outbound/ssrf-guard.ts';
import { createBluesky } from '../../src/platforms/bluesky/bluesky.ts';
import type { Platform } from '../../src/platforms/platform.ts';
import { atEnd } from '../support/at-end.ts';
import { freePort } from '../support/free-port.ts';
import { startProcess } from '../support/process.ts';
import { tempFolder } from '../support/temp.ts';
import { ownNotes } from './support.ts';

/** A Bluesky server and the directory of its accounts. */
export interface Pds {
  url: string;
  directoryUrl: string;
  /** Makes an account; its DID. */
  join(handle: string): Promise<string>;
  /** What may become of an account: by the server's moderators, by its owner, or for good. */
  end(account: { did: string; handle: string }, how: Ending): Promise<void>;
  /** A method of its API, without a login. */
  ask(method: string, query: Record<string, string>): Promise<{ status: number; body: unknown }>;
}

export type Ending = 'taken down' | 'deactivated' | 'deleted';

export const PASSWORD = 'a bell that rings at noon';

/** Starts them for this file. */
export async function startPds(): Promise<Pds> {
  const port = await freePort();
  const folder = await tempFolder('pds');
  const adminPassword = randomBytes(16).toString('hex');
  const child = await startProcess({
    args: ['test/peers/servers/pds.cjs', folder, String(port)],
    env: { LOG_ENABLED: 'false', NODE_ENV: 'production', PDS_ADMIN_PASSWORD: adminPassword },
  });
  const [, directoryUrl = ''] = await child.line(/^Directory is at (\S+)$/);
  const [, url = ''] = await child.line(/^Server is at (\S+)$/);
  const call = async (method: string, authorization: string, body: object): Promise<unknown> => {
    const response = await fetch(`${url}/xrpc/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method}: ${response.status} ${text}`);
    return text === '' ? {} : JSON.parse(text);
  };
  const admin = `Basic ${Buffer.from(`admin:${adminPassword}`).toString('base64')}`;
  return {
    ...{ url, directoryUrl },
    end: async ({ did, handle }, how) => {
      if (how === 'deleted') {
        await call('com.atproto.admin.deleteAccount', admin, { did });
      } else if (how === 'taken down') {
        const subject = { $type: 'com.atproto.admin.defs#repoRef', did };
        const takedown = { applied: true, ref: 'test' };
        await call('com.atproto.admin.updateSubjectStatus', admin, { subject, takedown });
      } else {
        const login = { identifier: handle, password: PASSWORD };
        const session = await call('com.atproto.server.createSession', '', login);
        const { accessJwt } = session as { accessJwt: string };
        await call('com.atproto.server.deactivateAccount', `Bearer ${accessJwt}`, {});
      }
    },
    join: async (handle) => {
      const account = { handle, email: `${handle}@example.org`, password: PASSWORD };
      const response = await fetch(`${url}/xrpc/com.atproto.server.createAccount`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(account),
      });
      const { did } = (await response.json()) as { did?: string };
      if (!did) throw new Error(`The server made no account: ${response.status}`);
      return did;
    },
    ask: async (method, query) => {
      const response = await fetch(`${url}/xrpc/${method}?${new URLSearchParams(query)}`);
      return { status: response.status, body: await response.json() };
    },
  };
}

/** The posts of an account, as anybody may read them. */
export async function postsOf(pds: Pds, repo: string) {
  const { body } = await pds.ask('com.atproto.repo.listRecords', {
    repo,
    collection: 'app.bsky.feed.post',
  });
  return (body as { records: { uri: string; value: { text: string; createdAt: string } }[] })
    .records;
}

export const BASE = 'http://127.0.0.1:9';

/** Our Bluesky, which may go to this server. It ends with the test or file. */
export function blueskyAt({ url, directoryUrl }: Pds): Platform {
  const privateHosts = [url, directoryUrl].map((address) => new URL(address).host);
  const config: PlatformConfigs['bluesky'] = {
    ...{ directoryUrl, resolverUrl: url, postUrl: 'https://bsky.app', timeoutMs: 10_000 },
  };
  const bluesky = createBluesky({
    ...{ config, privateHosts, notes: ownNotes(), crash: createCrash('') },
    guard: createGuard(privateHosts),
    baseUrl: () => BASE,
  });
  atEnd(() => bluesky.dispose());
  return bluesky;
}
