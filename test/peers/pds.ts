import type { PlatformConfigs } from '../../config/platforms.ts';
import { createCrash } from '../../src/crash.ts';
import { createBluesky } from '../../src/platforms/bluesky/bluesky.ts';
import { createGuard } from '../../src/platforms/guard.ts';
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
  /** A method of its API, without a login. */
  ask(method: string, query: Record<string, string>): Promise<{ status: number; body: unknown }>;
}

export const PASSWORD = 'a bell that rings at noon';

/** Starts them for this file. */
export async function startPds(): Promise<Pds> {
  const port = await freePort();
  const folder = await tempFolder('pds');
  const child = await startProcess({
    args: ['test/peers/servers/pds.cjs', folder, String(port)],
    env: { LOG_ENABLED: 'false', NODE_ENV: 'production' },
  });
  const [, directoryUrl = ''] = await child.line(/^Directory is at (\S+)$/);
  const [, url = ''] = await child.line(/^Server is at (\S+)$/);
  return {
    ...{ url, directoryUrl },
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
