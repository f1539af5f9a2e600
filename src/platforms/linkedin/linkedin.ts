import type { LinkedinConfig } from '../../../config/platforms.ts';
import type { Crash } from '../../crash.ts';
import { createHttpClient } from '../../outbound/http-client.ts';
import { isLoopback } from '../../outbound/ssrf-guard.ts';
import type { ResponseObserver } from '../../outbound/wire/network-clock.ts';
import { createSender } from '../../outbound/wire/sender.ts';
import { basePath } from '../bearer.ts';
import { GrantRefused, type Platform, type PolicyFacts } from '../platform.ts';
import type { PlatformDeps } from '../platform-deps.ts';
import { authorizeUrl, exchangeCode, mayPost, revokeToken, SCOPE, whoAmI } from './oauth.ts';
import { createPrepare } from './post.ts';
import { probeGrant } from './probe.ts';
import { reconcilePost } from './reconcile.ts';
import { linkedinTextRule } from './text-rule.ts';
import { startWarmUp } from './warm-up.ts';

/** The widest that a burst of one process may get; LinkedIn names no number. */
const MAX_CONNECTIONS = 256;

const POLICY: PolicyFacts = {
  says: [
    'Members must not use bots or other unauthorized automated methods to post, comment, like or share (User Agreement, 8.2).',
    'An app with the product "Share on LinkedIn" may share for a member who has authorized it and has seen what it will share.',
    'LinkedIn counts calls by app and by member and day, and publishes no numbers; an operator sees them in the developer portal.',
    'An authorization ends after 60 days and cannot be renewed without its member.',
  ],
  source: 'https://www.linkedin.com/legal/user-agreement',
  asOf: '2026-08-22',
};

/** Null without the keys of an app. */
export function connectLinkedin({
  config,
  crash,
  onResponse: heard,
}: PlatformDeps): Platform | null {
  const { linkedin } = config.platforms;
  return linkedin.clientId === '' ? null : createLinkedin(linkedin, crash, heard);
}

/** LinkedIn through its Posts API, for members. Its addresses are configuration, so that the simulator can stand in. */
export function createLinkedin(
  config: LinkedinConfig,
  crash: Crash,
  heard?: ResponseObserver,
): Platform {
  const base = basePath(config.apiUrl);
  const { host, origin } = new URL(config.apiUrl);
  const { timeoutMs } = config;
  const http = createHttpClient({ timeoutMs, guard: null, onResponse: heard });
  const sender = createSender({
    origin,
    probePath: `${base}/`,
    timeoutMs,
    connections: MAX_CONNECTIONS,
    crash,
    onResponse: heard,
  });
  return {
    name: 'linkedin',
    label: 'LinkedIn',
    scope: SCOPE,
    permission: 'acts',
    returns: 'forgotten',
    textRule: linkedinTextRule,
    requires: 'nothing',
    policy: POLICY,
    isSimulated: isLoopback(config.apiUrl),
    authorizeOrigins: [new URL(config.authorizeUrl).origin],
    denials: ['user_cancelled_login', 'user_cancelled_authorize'],
    serviceRefusals: ['unauthorized_scope_error'],
    connections: MAX_CONNECTIONS,
    timeoutMs,
    hostOf: () => host,
    authorize: async (input) => ({ url: authorizeUrl(config, input), flowSecret: '' }),
    exchange: (input) => exchangeCode(config, http, input),
    mayPost,
    refresh: async () => {
      throw new GrantRefused('LinkedIn renews no authorization of an ordinary app');
    },
    revoke: (grant) => revokeToken(config, http, grant),
    whoAmI: (grant) => whoAmI(config, http, grant),
    probe: (grant) => probeGrant(sender, base, grant),
    prepare: createPrepare(sender, config),
    // It is refused with DUPLICATE_POST.
    knowsAgain: () => true,
    reconcile: reconcilePost,
    startWarmUp: () => startWarmUp(config),
    openConnections: (_host, count) => sender.openConnections(count),
    dispose: () => {
      sender.dispose();
      http.dispose();
    },
  };
}
