// Floods an instance on this machine until it is told to stop by SIGTERM; then tells what it did and what was answered.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { solve } from '../../../src/web/assets/work.js';
import { unescapeHtml } from '../../support/browser.ts';
import type { Flood, FloodPlan } from '../flood/kinds.ts';

const { kinds, origin, page, words, from } = JSON.parse(
  readFileSync(process.argv[2] ?? '', 'utf8'),
) as FloodPlan;
const { hostname: host, port } = new URL(origin);
const local = from === null ? {} : { localAddress: from };
const dial = () => connect({ host, port: Number(port), ...local });
const counts: Record<string, number> = {};
const count = (name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};
const dispatcher = new Agent({ connections: 200, pipelining: 1, connect: local });
/** The flood comes from a few networks, as one does that somebody has rented. */
const addressOf = (n: number): string => `198.18.${n % 4}.${n % 250}`;

/** Begins something `perSecond` times a second, for ever, whatever became of what was begun before. */
async function everySecond(perSecond: number, act: (n: number) => unknown): Promise<never> {
  const began = performance.now();
  for (let n = 0; ; await sleep(10)) {
    const due = ((performance.now() - began) / 1000) * perSecond;
    // What could not be begun in time is not made up for in one go.
    for (let i = 0; n < due && i < perSecond / 10; i++) act(n++);
  }
}

/** Keeps `most` connections open and opens those anew that are closed, no more than a tenth of them at a time. */
function hold(kind: Flood, most: number, said: string, next: string): void {
  let open = 0;
  const holdOne = (): void => {
    open += 1;
    count(`${kind}: opened`);
    const socket = dial();
    const timer = next === '' ? undefined : setInterval(() => socket.write(next), 1_000);
    socket.on('connect', () => socket.write(said));
    socket.on('error', () => undefined);
    socket.resume();
    socket.on('close', () => {
      clearInterval(timer);
      open -= 1;
    });
  };
  setInterval(() => {
    for (let i = 0; i < most / 10 && open < most; i++) holdOne();
  }, 100);
}

let underWay = 0;
const MAX_UNDER_WAY = 2_000;

async function send(kind: Flood, n: number, path: string, form?: string): Promise<void> {
  if (underWay >= MAX_UNDER_WAY) return count(`${kind}: not sent, too many under way`);
  underWay += 1;
  try {
    const { statusCode, body } = await request(origin + path, {
      ...{ dispatcher, method: form === undefined ? 'GET' : 'POST', body: form ?? null },
      headers: {
        'x-forwarded-for': addressOf(n),
        'accept-encoding': 'gzip',
        ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
    });
    await body.dump();
    count(`${kind}: ${statusCode}`);
  } catch (error) {
    count(`${kind}: ${(error as NodeJS.ErrnoException).code ?? 'failed'}`);
  } finally {
    underWay -= 1;
  }
}

const CHOICE = 'wording=0&text_locale=en';

function sendAny(n: number): Promise<void> {
  const token = `${n}`.padEnd(43, 'A');
  const ways = [page, '/', `/r/${token}`, words, `/s/${token.slice(0, 6)}`, `/i/${token}`];
  const path = ways[n % 8];
  return path === undefined ? send('requests', n, words, CHOICE) : send('requests', n, path);
}

/** A proof that is right, and used up by being sent once. */
async function usedProof(): Promise<string> {
  for (let n = 0; n < 5_000; n++) {
    const answer = await request(origin + words, {
      ...{ dispatcher, method: 'POST', body: CHOICE },
      headers: {
        'x-forwarded-for': '198.19.0.1',
        'content-type': 'application/x-www-form-urlencoded',
      },
    });
    const html = await answer.body.text();
    const puzzle = /data-work="([^"]*)"/.exec(html)?.[1];
    if (answer.statusCode !== 429 || puzzle === undefined) continue;
    const challenge = JSON.parse(unescapeHtml(puzzle));
    const solution = solve(challenge.parameters);
    const proof = Buffer.from(JSON.stringify({ challenge, solution })).toString('base64');
    await send('proofs', 0, words, `${CHOICE}&altcha=${encodeURIComponent(proof)}`);
    return encodeURIComponent(proof);
  }
  throw new Error('The instance never asked for work');
}

async function replayProofs(): Promise<never> {
  const used = await usedProof();
  const forged = encodeURIComponent(
    Buffer.from('{"challenge":{"parameters":{}}}').toString('base64'),
  );
  return everySecond(500, (n) =>
    send('proofs', n, words, `${CHOICE}&altcha=${n % 2 === 0 ? used : forged}`),
  );
}

const head = (path: string, type: string, more: string): string =>
  `POST ${path} HTTP/1.1\r\nhost: a\r\nx-forwarded-for: 198.18.9.9\r\ncontent-type: ${type}\r\n${more}\r\n\r\n`;
const FORM = 'application/x-www-form-urlencoded';
const CHUNK = `10000\r\n${'a'.repeat(65_536)}\r\n`;
const NESTED = '['.repeat(60_000);
/** What is said at once, and then again and again for as long as the connection is open. */
const BODIES: readonly (readonly [said: string, next: string])[] = [
  [head(words, FORM, 'transfer-encoding: chunked'), CHUNK],
  [head(words, FORM, `content-length: ${2 ** 33}`), 'a'.repeat(65_536)],
  [head('/api/v1/campaigns', 'application/json', `content-length: ${NESTED.length}`) + NESTED, ''],
  [head(words, FORM, 'content-length: 60000\r\ncontent-encoding: gzip') + 'a'.repeat(60_000), ''],
  [head(words, FORM, 'content-length: 60000') + 'a=&'.repeat(20_000), ''],
  [`${head(words, FORM, 'content-length: 60000')}half`, ''],
];

function sendBody(n: number): void {
  const [said, next] = BODIES[n % BODIES.length] ?? ['', ''];
  count('bodies: sent');
  const socket = dial();
  socket.on('error', () => undefined);
  socket.resume();
  const more = (): void => {
    while (next !== '' && socket.writable && socket.write(next));
  };
  socket.on('connect', () => {
    socket.write(said);
    more();
  });
  socket.on('drain', more);
}

const BEGIN: Record<Exclude<Flood, 'nobody' | 'all'>, () => unknown> = {
  'slow headers': () => hold('slow headers', 2_000, 'GET / HTTP/1.1\r\nhost: a\r\n', 'x-a: b\r\n'),
  connections: () => hold('connections', 10_000, '', ''),
  requests: () => everySecond(2_000, sendAny),
  proofs: replayProofs,
  bodies: () => everySecond(200, sendBody),
};

process.once('SIGTERM', () => {
  console.log(JSON.stringify(counts));
  process.exit(0);
});
for (const kind of kinds) if (kind !== 'nobody' && kind !== 'all') void BEGIN[kind]();
// A process without anything to do would end.
setInterval(() => undefined, 60_000);
console.log('The flood is ready');
