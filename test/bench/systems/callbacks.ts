import { readFileSync } from 'node:fs';
import { Pool } from 'undici';

/** What the bench tells: the way back of everybody who has authorized, and how many come at a time. */
export interface CallbackPlan {
  origin: string;
  connections: number;
  ways: readonly { path: string; cookie: string }[];
}

/** What came of them. Milliseconds, ascending; `pledged`: how many were led to a receipt. */
export interface CallbackResult {
  seconds: number;
  latencies: number[];
  pledged: number;
}

const { origin, connections, ways } = JSON.parse(
  readFileSync(process.argv[2] ?? '', 'utf8'),
) as CallbackPlan;
const pool = new Pool(origin, { connections, pipelining: 1 });
const latencies: number[] = [];
let pledged = 0;
let next = 0;

async function comeBack(): Promise<void> {
  for (let way = ways[next++]; way; way = ways[next++]) {
    const began = performance.now();
    const { headers, body } = await pool.request({
      ...{ method: 'GET', path: way.path },
      headers: { cookie: way.cookie, 'accept-language': 'en', 'accept-encoding': 'gzip' },
    });
    await body.dump();
    latencies.push(performance.now() - began);
    if (String(headers.location ?? '').startsWith('/r/')) pledged += 1;
  }
}

const began = performance.now();
await Promise.all(Array.from({ length: connections }, comeBack));
const seconds = (performance.now() - began) / 1000;
latencies.sort((a, b) => a - b);
console.log(JSON.stringify({ seconds, latencies, pledged } satisfies CallbackResult));
await pool.close();
