import type { ThreadsConfig } from '../../../config/platforms.ts';
import type { Crash } from '../../crash.ts';
import { createAsker } from '../ask.ts';
import { createGraph } from '../graph.ts';
import { isLoopback } from '../guard.ts';
import type { Heard } from '../network-clock.ts';
import type { PlatformParts } from '../parts.ts';
import type { Platform, PolicyFacts } from '../platform.ts';
import { createSender } from '../sender.ts';
import { isAboutText, stageContainer, versionPath } from './containers.ts';
import { authorize, exchange, mayPost, refresh, SCOPE, whoAmI } from './oauth.ts';
import { createPrepare } from './post.ts';
import { probeGrant } from './probe.ts';
import { reconcilePost } from './reconcile.ts';
import { threadsTextRule } from './text-rule.ts';

/** The widest that a burst of one process may get. */
const MOST_CONNECTIONS = 1_024;

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
export function connectThreads({ config, crash, heard }: PlatformParts): Platform | null {
  const { clientId, clientSecret } = config.platforms.threads;
  const isConnected = clientId !== '' && clientSecret !== null;
  return isConnected ? createThreads(config.platforms.threads, crash, heard) : null;
}

/** Threads: a container before the moment, made public at it. */
export function createThreads(config: ThreadsConfig, crash: Crash, heard?: Heard): Platform {
  const { host, origin } = new URL(config.apiUrl);
  const asker = createAsker({ timeoutMs: config.timeoutMs, guard: null, heard });
  const graph = createGraph(asker, config.apiUrl.replace(/\/+$/, ''));
  const sender = createSender({
    origin,
    warmPath: `${versionPath(config)}/`,
    timeoutMs: config.timeoutMs,
    connections: MOST_CONNECTIONS,
    crash,
    heard,
  });
  return {
    name: 'threads',
    label: 'Threads',
    scope: SCOPE,
    permission: 'reads',
    returns: 'forgotten',
    textRule: threadsTextRule,
    asks: 'nothing',
    policy: POLICY,
    isSimulated: isLoopback(config.apiUrl),
    authorizeOrigins: [new URL(config.authorizeUrl).origin],
    connections: MOST_CONNECTIONS,
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
    warm: (_host, count) => sender.warm(count),
    dispose: () => {
      sender.dispose();
      asker.dispose();
    },
  };
}
