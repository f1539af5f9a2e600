import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCrash } from '../../src/crash.ts';
import { createGuard } from '../../src/outbound/ssrf-guard.ts';
import { createMastodon } from '../../src/platforms/mastodon/mastodon.ts';
import type { Platform } from '../../src/platforms/platform.ts';
import { atEnd } from '../support/at-end.ts';
import { freePort } from '../support/free-port.ts';
import { startDaemon } from '../support/services/daemon.ts';
import { run } from '../support/services/programs.ts';
import { tempFolder } from '../support/temp.ts';
import { ownNotes, peer } from './support.ts';

/** A server of snac's: small, and with a Mastodon API that lacks much. */
export interface Snac {
  url: string;
  /** As supporters name it. */
  host: string;
  /** Makes an account; its password. */
  join(name: string): Promise<string>;
}

/** Starts one for this file. */
export async function startSnac(): Promise<Snac> {
  const port = await freePort();
  const host = `localhost:${port}`;
  const folder = join(await tempFolder('snac'), 'data');
  // It asks for the address, the port, the host, a prefix and a mail address; what matters is written over below.
  const answers = `printf '\\n\\nlocalhost\\n\\n\\n' | "$1" init "$2"`;
  const made = await run('sh', ['-c', answers, 'sh', peer('snac'), folder]);
  if (made.code !== 0) throw new Error(`snac made no folder:\n${made.output}`);
  // It has been seen not to answer for five seconds. By itself it has a thread a core, or four.
  const threads = { num_threads: 32 };
  await configure(join(folder, 'server.json'), { host, port, protocol: 'http', ...threads });
  const url = `http://${host}`;
  const daemon = await startDaemon({
    ...{ program: peer('snac'), args: ['httpd', folder], cwd: folder, env: {} },
    stopSignal: 'SIGTERM',
    answers: () => fetch(`${url}/api/v1/instance`, { signal: AbortSignal.timeout(2_000) }),
  });
  atEnd(() => daemon.stop());
  return {
    ...{ url, host },
    join: async (name) => {
      const { output } = await run(peer('snac'), ['adduser', folder, name]);
      const password = /^User password is (\S+)$/m.exec(output)?.[1];
      if (password) return password;
      throw new Error(`snac made no account:\n${output}`);
    },
  };
}

async function configure(file: string, change: object): Promise<void> {
  const before = JSON.parse(await readFile(file, 'utf8')) as object;
  await writeFile(file, JSON.stringify({ ...before, address: '127.0.0.1', ...change }));
}

/** What a person does at snac's page: says who they are. Gives the address that they are sent back to. */
export async function consentAtSnac(
  authorizeUrl: string,
  login: string,
  passwd: string,
): Promise<string> {
  const signal = AbortSignal.timeout(10_000);
  const html = await (await fetch(authorizeUrl, { signal })).text();
  const action = /<form[^>]* action="([^"]+)"/.exec(html)?.[1];
  if (!action) throw new Error(`There is no form: ${html}`);
  const hidden = html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g);
  const body = new URLSearchParams({ login, passwd });
  for (const [, name = '', value = ''] of hidden) body.set(name, value);
  const answer = await fetch(action, { method: 'POST', body, redirect: 'manual', signal });
  const back = answer.headers.get('location');
  if (back) return back;
  throw new Error(`It was not sent back: ${answer.status} ${await answer.text()}`);
}

/** Our Mastodon, which may go to these hosts. It ends with the test or file. */
export function mastodonAt(...privateHosts: string[]): Platform {
  const config = {
    privateHosts,
    mastodon: { postsPerSecond: 30, quotes: null, timeoutMs: 15_000 },
  };
  const mastodon = createMastodon(config, {
    ...{ notes: ownNotes(), crash: createCrash('') },
    guard: createGuard(privateHosts),
    baseUrl: () => 'http://127.0.0.1:9',
    callbackPart: () => 'snac',
  });
  atEnd(() => mastodon.dispose());
  return mastodon;
}
