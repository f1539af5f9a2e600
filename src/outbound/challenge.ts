import { LocatorRejected } from '../domain/account-locator.ts';
import type { Outcome } from '../domain/outcome.ts';
import { readHeader } from './retry-after.ts';
import type { ParsedResponse } from './wire/response-parser.ts';

/** Headers in which CDNs name their challenge: Cloudflare, AWS WAF, Vercel. */
const NAMED: readonly (readonly [header: string, value: RegExp])[] = [
  // developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response
  ['cf-mitigated', /^challenge$/],
  // docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge-how-it-works.html
  ['x-amzn-waf-action', /^(?:challenge|captcha)$/],
  ['x-vercel-mitigated', /^challenge$/],
];

/** With these a challenge comes; Anubis, which stands before many small servers, calls it 200. */
const STATUSES = new Set([200, 202, 401, 403, 405, 429, 503]);

/** What only such pages have in them: of Cloudflare, Anubis, DDoS-Guard, Imperva, Sucuri, DataDome, BasedFlare and go-away. */
const MARKS = [
  ...['_cf_chl_opt', 'cf-browser-verification', '/.within.website/x/cmd/anubis/'],
  ...['/.well-known/ddos-guard/', '_Incapsula_Resource', 'sucuri_cloudproxy_js'],
  ...['captcha-delivery.com', '/.basedflare/', '/.well-known/.git.gammaspectra.live/git/go-away/'],
] as const;

/**
 * Whether an answer is the page with which a CDN, or a shield before the server, wants to see a person's browser. The server has
 * never seen the request then, so that nothing of it was carried out.
 */
export function isChallenge({ status, headers, body }: ParsedResponse): boolean {
  const isNamed = NAMED.some(([header, value]) =>
    value.test(readHeader(headers, header)?.trim().toLowerCase() ?? ''),
  );
  if (isNamed) return true;
  const isPage = /\bhtml\b/i.test(readHeader(headers, 'content-type') ?? '');
  return isPage && STATUSES.has(status) && MARKS.some((mark) => body.includes(mark));
}

/** How long a server is left alone whose shield does not let us in: it may take us for less of a machine then. */
const REST_MS = 60_000;

/** What a challenge means for a post: nothing was carried out, and all that goes to this server is tried again later. */
export function keptOut({ status }: ParsedResponse, now: Date): Outcome {
  const until = new Date(now.getTime() + REST_MS);
  return { kind: 'throttled', until, detail: `${status} challenge`, reason: 'challenged' };
}

/** A look at an account that came to nothing, as `Probe` of the contract has it. */
interface Undecided {
  kind: 'undecided';
  detail: string;
  challenged?: true;
}

/** What a challenge says about a grant: nothing. */
export function undecidedByChallenge({ status }: ParsedResponse): Undecided {
  return { kind: 'undecided', detail: `${status} challenge`, challenged: true };
}

/** A probe that ended with an error. `detail`: a word for it, which holds nothing that a server has said. */
export function undecidedBy(error: unknown, detail: string): Undecided {
  const probe = { kind: 'undecided', detail } as const;
  return error instanceof Challenged ? { ...probe, challenged: true } : probe;
}

/**
 * A shield before a network, or before a server that a supporter named, did not let us in; nothing was carried out. `code`: for the
 * ledger.
 */
export class Challenged extends LocatorRejected {
  readonly code = 'CHALLENGE';
  constructor() {
    super('challenged', 'a challenge for browsers');
  }
}
