import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createControlClient, decideConsent } from '../../src/simulator/client.ts';
import { programPath } from '../support/program.ts';

export const CLIENT = { id: 'test-app', secret: 'test-secret' };
export const REDIRECT = 'http://127.0.0.1:9/callback';
export const SCOPE = 'tweet.read tweet.write users.read offline.access';

/** A simulator in a process of its own, as everybody else runs it. */
export async function startSimulator(...args: string[]) {
  const child = spawn(
    process.execPath,
    [await programPath('src/simulator/main.ts'), '--port', '0', ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const lines: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      const ready = /^Simulator is ready at (http:\S+)$/.exec(line)?.[1];
      if (ready) resolve(ready);
    });
    void exited.then(([code]) => reject(new Error(`The simulator ended with ${code}`)));
  });
  return {
    url,
    lines,
    control: createControlClient(url),
    async stop(): Promise<number | null> {
      child.kill('SIGTERM');
      return (await exited)[0];
    },
  };
}

export type Running = Awaited<ReturnType<typeof startSimulator>>;

/** The parameters of a consent request, and the verifier that belongs to its challenge. */
export function consentRequest(change: Record<string, string | undefined> = {}) {
  const verifier = randomBytes(32).toString('base64url');
  const fields: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: CLIENT.id,
    redirect_uri: REDIRECT,
    scope: SCOPE,
    state: 'state-1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...change,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) query.set(name, value);
  }
  return { verifier, query };
}

/** A code for the account, and what redeeming it takes. */
export async function obtainCode(url: string, handle: string, change = {}) {
  const { verifier, query } = consentRequest(change);
  const target = await decideConsent(`${url}/i/oauth2/authorize?${query}`, handle);
  const code = new URL(target).searchParams.get('code') ?? '';
  return {
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: REDIRECT,
  };
}

export interface Tokens {
  access_token: string;
  refresh_token: string;
  expires_in: number;
  scope: string;
}

export const basic = (id = CLIENT.id, secret = CLIENT.secret) =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

/** POST to the token or revoke endpoint, as a form. */
export async function postForm(
  url: string,
  path: 'token' | 'revoke',
  fields: Record<string, string>,
  headers: Record<string, string> = { authorization: basic() },
) {
  const response = await fetch(`${url}/2/oauth2/${path}`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(fields),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

export async function authorize(url: string, handle: string, change = {}): Promise<Tokens> {
  const { status, body } = await postForm(url, 'token', await obtainCode(url, handle, change));
  if (status !== 200) throw new Error(`The token endpoint answered ${JSON.stringify(body)}`);
  return body as unknown as Tokens;
}

export function refresh(url: string, token: string) {
  return postForm(url, 'token', { grant_type: 'refresh_token', refresh_token: token });
}

/** The next pair of a chain that is still good. */
export async function refreshed(url: string, token: string): Promise<Tokens> {
  const { status, body } = await refresh(url, token);
  if (status !== 200) throw new Error(`The token endpoint answered ${JSON.stringify(body)}`);
  return body as unknown as Tokens;
}

/** An API call with a bearer token; the body is parsed when it is JSON. */
export async function api(url: string, token: string, path: string, json?: unknown) {
  const response = await fetch(`${url}${path}`, {
    method: json === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      ...(json !== undefined && { 'content-type': 'application/json' }),
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
}

export const post = (url: string, token: string, text: string) =>
  api(url, token, '/2/tweets', { text });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
