import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { type ITwitterApiClientPlugin, TwitterApi } from 'twitter-api-v2';

/** How many posts of a peer are under way at a time. */
export const WIDTH = 256;

/** What the bench tells a peer, in the file that its second argument names. */
export interface Plan {
  networkUrl: string;
  databaseUrl: string;
  redisUrl: string;
  /** The moment, epoch milliseconds. */
  dueAt: number;
  text: string;
  tokens: readonly string[];
}

/** All that one post takes; a peer's job carries it. */
export interface PostJob {
  token: string;
  text: string;
}

/** The parts of a peer. Setting the alarms and working them off are processes of their own, and only the second is measured. */
interface Peer {
  enqueue(plan: Plan, jobs: readonly PostJob[]): Promise<void>;
  /** Resolves once it waits for the moment. */
  work(plan: Plan, jobs: () => readonly PostJob[]): Promise<void>;
}

/** Runs `FILE enqueue PLAN`, which ends when the alarms are set, or `FILE work PLAN`, which works until it is ended. */
export async function runPeer(peer: Peer): Promise<void> {
  const [part, file = ''] = process.argv.slice(2);
  const plan = JSON.parse(readFileSync(file, 'utf8')) as Plan;
  const jobs = () => plan.tokens.map((token) => ({ token, text: plan.text }));
  if (part === 'enqueue') {
    await peer.enqueue(plan, jobs());
    return;
  }
  const { tokens: _, ...rest } = plan;
  await peer.work({ ...rest, tokens: [] }, jobs);
  // What it has used is read after its work, so it stays until it is ended.
  setInterval(() => undefined, 60_000);
  console.log('Peer is ready');
}

/** One post through twitter-api-v2, on connections that are kept, at the simulator's address. */
export function createPoster(networkUrl: string): (job: PostJob) => Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: WIDTH, maxFreeSockets: WIDTH });
  const plugin: ITwitterApiClientPlugin = {
    onBeforeRequest: ({ computedParams, requestOptions }) => {
      const { pathname, search } = computedParams.url;
      computedParams.url = new URL(networkUrl + pathname + search);
      computedParams.headers['user-agent'] = 'peer';
      requestOptions.agent = agent;
    },
  };
  return async ({ token, text }) => {
    const client = new TwitterApi(token, { plugins: [plugin], compression: 'identity' });
    await client.v2.tweet(text);
  };
}

/** Does `act` with each item, so many at a time. */
export async function eachOf<T>(
  items: Iterable<T>,
  width: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let next = queue.next(); !next.done; next = queue.next()) await act(next.value);
    }),
  );
}

/** Pieces of at most `size`. */
export function* pagesOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
