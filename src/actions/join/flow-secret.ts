import type { Context } from '../../context.ts';
import type { Authorization, Platform } from '../../platforms/platform.ts';

/** What a flow keeps sealed between leaving for the platform and coming back. */
export interface FlowSecret {
  /** What the platform's `exchange` wants to have back. */
  keep: string;
  /** The only address that this flow may come back to. */
  redirectUri: string;
  /** What was asked for there, as the platform spells it. */
  scope: string;
}

/**
 * Where a platform sends supporters back to. `server`: the part for one of the servers of a platform where supporters name
 * theirs, which has an address of its own; '' for all others.
 */
export function callbackUrl(ctx: Context, platform: string, server = ''): string {
  return `${ctx.baseUrl}/callback/${platform}${server === '' ? '' : `/${server}`}`;
}

/** What was agreed on with the platform, ready to be kept. `redirectUri`: the address that it was given. */
export function flowSecret(
  platform: Platform,
  redirectUri: string,
  authorized: Authorization,
): FlowSecret {
  const { flowSecret: keep, scope = platform.scope } = authorized;
  return { keep, scope, redirectUri: authorized.redirectUri ?? redirectUri };
}
