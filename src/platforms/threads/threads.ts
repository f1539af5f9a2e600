import type { ThreadsConfig } from '../../../config/platforms.ts';
import type { Crash } from '../../crash.ts';
import { createHttpClient } from '../../outbound/http-client.ts';
import { isLoopback } from '../../outbound/ssrf-guard.ts';
import type { ResponseObserver } from '../../outbound/wire/network-clock.ts';
import { createSender } from '../../outbound/wire/sender.ts';
import { createGraph } from '../meta/graph.ts';
import type { Platform, PolicyFacts } from '../platform.ts';
import type { PlatformDeps } from '../platform-deps.ts';
import { isAboutText, stageContainer, versionPath } from './containers.ts';
import { authorize, exchange, mayPost, refresh, SCOPE, whoAmI } from './oauth.ts';
import { createPrepare } from './post.ts';
import { probeGrant } from './probe.ts';
import { reconcilePost } from './reconcile.ts';
import { threadsTextRule } from './text-rule.ts';

/** The widest that a burst of one process may get. */
const MAX_CONNECTIONS = 1_024;

const POLICY: PolicyFacts = {
  says: [
    'An app may publish for people who have given it threads_content_publish, at most 250 posts of an account in 24 hours.',
    'Until Meta’s app review has granted that permission, only people with a role in the app can authorize it.',
    'Meta’s Platform Terms let it suspend an app that is used for spam or for what people did not ask for.',
    'Meta restricts accounts whose activity looks automated or coordinated; their posts are then refused.',
  ],
  source: 'https://developers.facebook.com/documentation/threads/overview',
  asOf: '2025-12-22',
};

/** Null without the id and the secret of an app: a code cannot be exchanged without the secret. */
export function connectThreads({
  config,
  crash,
  onResponse: heard,
}: PlatformDeps): Platform | null {
  const { clientId, clientSecret } = config.platforms.threads;
  const isConnected = clientId !== '' && clientSecret !== null;
  return isConnected ? createThreads(config.platforms.threads, crash, heard) : null;
}

/** Threads: a container before the moment, made public at it. */
export function createThreads(
  config: ThreadsConfig,
  crash: Crash,
  heard?: ResponseObserver,
): Platform {
  const { host, origin } = new URL(config.apiUrl);
  const http = createHttpClient({ timeoutMs: config.timeoutMs, guard: null, onResponse: heard });
  const graph = createGraph(http, config.apiUrl.replace(/\/+$/, ''));
  const sender = createSender({
    origin,
    probePath: `${versionPath(config)}/`,
    timeoutMs: config.timeoutMs,
    connections: MAX_CONNECTIONS,
    crash,
    onResponse: heard,
  });
  return {
    name: 'threads',
    label: 'Threads',
    scope: SCOPE,
    permission: 'reads',
    returns: 'forgotten',
    textRule: threadsTextRule,
    requires: 'nothing',
    policy: POLICY,
    isSimulated: isLoopback(config.apiUrl),
    authorizeOrigins: [new URL(config.authorizeUrl).origin],
    connections: MAX_CONNECTIONS,
    timeoutMs: config.timeoutMs,
    hostOf: () => host,
    authorize: async (input) => authorize(config, input),
    exchange: (input) => exchange(graph, config, input),
    mayPost,
    refresh: (grant) => refresh(graph, grant),
    // Threads documents no way to give a token back: it ends by itself, or when its owner removes the app.
    revoke: async () => {},
    whoAmI: (grant) => whoAmI(graph, grant),
    probe: (grant) => probeGrant(graph, grant),
    stage: (order) => stageContainer(graph, order),
    isAboutText,
    prepare: createPrepare(sender, graph, config),
    reconcile: (order, since) => reconcilePost(graph, order, since),
    openConnections: (_host, count) => sender.openConnections(count),
    dispose: () => {
      sender.dispose();
      http.dispose();
    },
  };
}
