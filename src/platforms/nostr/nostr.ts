import type { NostrConfig } from '../../../config/platforms.ts';
import type { Crash } from '../../crash.ts';
import { createHttpClient } from '../../outbound/http-client.ts';
import { isLoopback } from '../../outbound/ssrf-guard.ts';
import { GrantRefused, type Platform, type PolicyFacts } from '../platform.ts';
import type { PlatformDeps } from '../platform-deps.ts';
import { createTakesPosts, refuseIfClosed } from './closed.ts';
import { createInformation } from './information.ts';
import {
  authorizeHere,
  findAuthor,
  findSignProblem,
  parseTemplate,
  SCOPE,
  toGrant,
} from './oauth.ts';
import { createPrepare } from './post.ts';
import { probeGrant } from './probe.ts';
import { reconcilePost } from './reconcile.ts';
import { createRelays } from './relays.ts';
import { nostrTextRule } from './text-rule.ts';

/** Posts that may be on their way at a time; all share one socket a relay. */
const MAX_AT_ONCE = 256;
/** A probe asks the relays and not the account, so it costs next to nothing. */
const CHECKS_PER_SECOND = 100;

const POLICY: PolicyFacts = {
  says: [
    'Nostr is a protocol without an owner: there are no rules for all of it.',
    'Each relay has its own; many refuse or slow down whoever sends much from one address, and some take only paying authors.',
    'A relay may publish its rules under `posting_policy` of its information document (NIP-11).',
    'The key stays with the supporter, who signs the post beforehand; this service only passes it on.',
  ],
  source: 'https://github.com/nostr-protocol/nips/blob/db5fe3d/11.md',
  asOf: '2026-08-22',
};

/** Null without relays. */
export function connectNostr({
  config,
  crash,
  baseUrl,
  onResponse,
}: PlatformDeps): Platform | null {
  const { nostr } = config.platforms;
  return nostr.relays.length === 0 ? null : createNostr(nostr, crash, baseUrl, onResponse);
}

/**
 * Nostr without custody: the supporter signs the post in the browser, dated to the moment, and the relays get it then. What
 * is kept is no key, and no more than the post itself; forgetting it is withdrawing it.
 */
export function createNostr(
  config: NostrConfig,
  crash: Crash,
  baseUrl: () => string,
  onResponse?: PlatformDeps['onResponse'],
): Platform {
  const relays = createRelays(config, crash);
  const http = createHttpClient({ timeoutMs: config.timeoutMs, guard: null, onResponse });
  const information = createInformation(http);
  return {
    name: 'nostr',
    label: 'Nostr',
    scope: SCOPE,
    permission: 'signature',
    returns: 'unsent',
    textRule: nostrTextRule,
    requires: 'nothing',
    policy: POLICY,
    isSimulated: config.relays.every(isLoopback),
    // Supporters stay on our own pages.
    authorizeOrigins: [],
    checksPerSecond: CHECKS_PER_SECOND,
    connections: MAX_AT_ONCE,
    timeoutMs: config.timeoutMs,
    hostOf: () => 'relays',
    authorize: async (input) => {
      await refuseIfClosed(information, config.relays, input.text);
      return authorizeHere(baseUrl(), input);
    },
    takesPosts: createTakesPosts(information, config.relays),
    toSign: parseTemplate,
    signProblem: findSignProblem,
    exchange: async (input) => toGrant(input),
    refresh: async () => {
      throw new GrantRefused('a signed event cannot be renewed');
    },
    // There is nothing at any relay yet. What is here is forgotten with the grant.
    revoke: async () => undefined,
    whoAmI: async (grant) => findAuthor(grant),
    probe: (grant) => probeGrant(relays, information, config.relays, grant),
    prepare: createPrepare(relays, config),
    // Its id is its hash.
    knowsAgain: () => true,
    reconcile: (order) => reconcilePost(relays, config, order),
    openConnections: async () => {
      const reached = (await relays.reach()).filter((ms) => ms !== null);
      // As long as it takes until enough of them have answered.
      return reached.sort((a, b) => a - b)[relays.quorum - 1] ?? null;
    },
    dispose: () => {
      relays.dispose();
      http.dispose();
    },
  };
}
