import type { FacebookConfig } from '../../../config/platforms.ts';
import type { Crash } from '../../crash.ts';
import { createHttpClient } from '../../outbound/http-client.ts';
import { isLoopback } from '../../outbound/ssrf-guard.ts';
import type { ResponseObserver } from '../../outbound/wire/network-clock.ts';
import { createSender } from '../../outbound/wire/sender.ts';
import { createGraph } from '../meta/graph.ts';
import { GrantRefused, type Platform, type PolicyFacts } from '../platform.ts';
import type { PlatformDeps } from '../platform-deps.ts';
import { authorize, exchange, mayPost, revoke, SCOPE, WIDER, whoAmI } from './oauth.ts';
import { choices } from './pages.ts';
import { createPrepare, versionPath } from './post.ts';
import { probeGrant, whyDead } from './probe.ts';
import { reconcilePost } from './reconcile.ts';
import { facebookTextRule } from './text-rule.ts';

/** The widest that a burst of one process may get: pages are few. */
const MAX_CONNECTIONS = 256;

const POLICY: PolicyFacts = {
  says: [
    'No app may post to a personal profile: publish_actions ended for all apps on 2018-08-01. Only pages can be posted to.',
    'An app may post to a page for somebody who may create content there and has given it pages_manage_posts.',
    'Until Meta’s app review has granted that permission, only people with a role in the app can authorize it.',
    'Meta’s Platform Terms let it suspend an app that is used for spam or for what people did not ask for.',
  ],
  source: 'https://developers.facebook.com/docs/pages-api/posts',
  asOf: '2026-07-29',
};

/** Null without the id and the secret of an app: a code cannot be exchanged without the secret. */
export function connectFacebook({
  config,
  crash,
  onResponse: heard,
}: PlatformDeps): Platform | null {
  const { clientId, clientSecret } = config.platforms.facebook;
  const isConnected = clientId !== '' && clientSecret !== null;
  return isConnected ? createFacebook(config.platforms.facebook, crash, heard) : null;
}

/**
 * Facebook Pages. There is no API that posts to a person's own profile, so nothing here does: what somebody authorizes is a page
 * that they look after, and they choose it once they are back.
 */
export function createFacebook(
  config: FacebookConfig,
  crash: Crash,
  heard?: ResponseObserver,
): Platform {
  const { host, origin } = new URL(config.apiUrl);
  const base = versionPath(config);
  const http = createHttpClient({ timeoutMs: config.timeoutMs, guard: null, onResponse: heard });
  const graph = createGraph(http, `${origin}${base}`);
  const sender = createSender({
    origin,
    probePath: `${base}/`,
    timeoutMs: config.timeoutMs,
    connections: MAX_CONNECTIONS,
    crash,
    onResponse: heard,
  });
  return {
    name: 'facebook',
    label: 'Facebook Pages',
    scope: SCOPE,
    permission: 'pages',
    ...(config.portfolios && { wider: WIDER }),
    returns: 'forgotten',
    textRule: facebookTextRule,
    requires: 'nothing',
    policy: POLICY,
    isSimulated: isLoopback(config.apiUrl),
    sharesGrants: true,
    authorizeOrigins: [new URL(config.authorizeUrl).origin],
    connections: MAX_CONNECTIONS,
    timeoutMs: config.timeoutMs,
    hostOf: () => host,
    authorize: async (input) => authorize(config, input),
    exchange: (input) => exchange(graph, config, input),
    mayPost,
    choices: (grant) => choices(graph, config, grant),
    // A page's token has no end; when it is not accepted any more, only the person can give another.
    refresh: async () => {
      throw new GrantRefused('A page’s token cannot be refreshed');
    },
    revoke: (grant) => revoke(graph, config, grant),
    whoAmI: (grant) => whoAmI(graph, config, grant),
    probe: (grant) => probeGrant(graph, config, grant),
    whyDead: (grant) => whyDead(graph, config, grant),
    prepare: createPrepare(sender, config),
    reconcile: (order, since) => reconcilePost(graph, config, order, since),
    openConnections: (_host, count) => sender.openConnections(count),
    dispose: () => {
      sender.dispose();
      http.dispose();
    },
  };
}
