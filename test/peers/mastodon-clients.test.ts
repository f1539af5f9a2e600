import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SimulatorControl } from '../../src/simulator/client.ts';
import { atEnd } from '../support/at-end.ts';
import { run } from '../support/services/programs.ts';
import { tempFolder } from '../support/temp.ts';
import { waitFor } from '../support/wait-for.ts';
import { needsPeer, peer, runClient, startSimulated } from './support.ts';

const TEXT = 'We ring the bell together 🔔 #100DaysOfInjustice & more';

let url: string;
let control: SimulatorControl;

beforeAll(async () => {
  ({ url, control } = await startSimulated('mastodon'));
  const handles = ['masto', 'mastodonpy', 'toot'];
  await control.createAccounts({ accounts: handles.map((handle) => ({ handle })) });
});

/** What the simulator's record has of an account. */
async function postsOf(handle: string) {
  return (await control.posts()).filter((post) => post.handle === handle);
}

interface Heard {
  account: string;
  id: string;
  listed: string[];
}

describe('masto', () => {
  it('signs in at our simulated Mastodon, posts and reads back', async () => {
    const redirect = 'http://127.0.0.1:9/callback';
    const input = { url, text: TEXT, redirect };
    const heard = await runClient<Heard & { most: number }>('masto.mjs', input);
    const [post, ...others] = await postsOf('masto');
    expect(others).toEqual([]);
    expect(post).toMatchObject({ id: heard.id, text: TEXT });
    expect(heard).toMatchObject({ account: 'masto', listed: [heard.id], most: 500 });
  });
});

needsPeer('mastodonPy')('Mastodon.py', () => {
  it('does so too, and gets the same post again for the same key', async () => {
    const script = 'test/peers/clients/mastodon_py.py';
    const input = JSON.stringify({ url, text: TEXT, account: 'mastodonpy' });
    const { code, stdout, output } = await run(peer('mastodonPy'), [script, input], {
      timeoutMs: 40_000,
    });
    expect(code, output).toBe(0);
    const heard = JSON.parse(stdout) as Heard & { again: string; instance: string };
    const [post, ...others] = await postsOf('mastodonpy');
    expect(others).toEqual([]);
    expect(post).toMatchObject({ id: heard.id, text: TEXT });
    const { id } = heard;
    expect(heard).toMatchObject({ account: 'mastodonpy', again: id, listed: [id] });
  });
});

needsPeer('toot')('toot', () => {
  it('is told the code by a person who has looked at its page, and posts', async () => {
    const home = await tempFolder('toot');
    const env = { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: home, LC_ALL: 'C.UTF-8' };
    const host = new URL(url).host;
    await signIn(['login', '--instance', host, '--disable-https', '--no-color'], env);
    const options = { env, timeoutMs: 30_000 };
    const posted = await run(peer('toot'), ['post', '--no-color', TEXT], options);
    expect(posted.code, posted.output).toBe(0);
    const [post, ...others] = await postsOf('toot');
    expect(others).toEqual([]);
    expect(post).toMatchObject({ text: TEXT });
    expect(posted.output).toContain(post?.id);
    expect((await run(peer('toot'), ['whoami', '--no-color'], options)).output).toContain('@toot');
  });
});

/** Answers what toot asks at a terminal. */
async function signIn(args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(peer('toot'), args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  atEnd(() => child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
  }
  const [page] = await waitFor(() => /^http:\S+$/m.exec(said), {
    timeoutMs: 20_000,
    what: 'the address that toot shows',
  });
  child.stdin.write('n\n');
  child.stdin.end(`${await codeAt(page)}\n`);
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code, said).toBe(0);
}

/** The code that a page shows to a person who allows. */
async function codeAt(address: string): Promise<string> {
  const { origin, pathname, searchParams } = new URL(address);
  const body = new URLSearchParams(searchParams);
  body.set('account', 'toot');
  body.set('decision', 'allow');
  const signal = AbortSignal.timeout(10_000);
  const page = await fetch(origin + pathname, { method: 'POST', body, signal });
  const html = await page.text();
  const code = /<input[^>]* readonly value="([^"]+)"/.exec(html)?.[1];
  if (code) return code;
  throw new Error(`The page shows no code: ${page.status} ${html}`);
}
