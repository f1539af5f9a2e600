/** What is done to an instance, and what that is for people. */
export const FLOODS = {
  nobody: 'no one but honest visitors',
  'slow headers': '2,000 connections, each of which sends one more line of its headers a second',
  connections: '10,000 connections that say nothing',
  requests: '2,000 requests a second: pages, words, guessed links',
  proofs: '500 requests a second with a proof that was used already, or is none',
  bodies: '200 bodies a second: endless, far too long, deeply nested, compressed, half',
  all: 'all of these at once, past the proxy: from an address of its own',
} as const;
export type Flood = keyof typeof FLOODS;
export const FLOOD_NAMES = Object.keys(FLOODS) as Flood[];

/** What the flood is told. */
export interface FloodPlan {
  kinds: readonly Flood[];
  origin: string;
  /** Path of the campaign's page, and of its words. */
  page: string;
  words: string;
  /** An address of this machine that its connections come from; null: they come from where a proxy would be. */
  from: string | null;
}

/** What honest visitors are told. */
export interface VisitPlan {
  campaignUrl: string;
  /** Visits are begun so many a second, whatever became of those before. */
  perSecond: number;
  seconds: number;
  /** Begins the name of each visitor's account. */
  prefix: string;
}

/** What came of their visits. */
export interface VisitResult {
  visits: number;
  /** Who came to their receipt. */
  joined: number;
  /** Milliseconds from each request to the head of its answer, ascending. */
  latencies: number[];
  /** Requests that were answered with 429 or 5xx, or not at all. */
  refused: number;
  /** Why, for the first few. */
  reasons: string[];
}
