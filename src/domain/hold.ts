/** The actor of what Tocsin itself has stopped or noted. */
export const SELF_ACTOR = 'tocsin';

/** What an operator's order can be about. */
export type StopScope = 'campaign' | 'platform' | 'instance';
/** A single host is held by Tocsin alone, after that host's own answers. */
export type HoldScope = StopScope | 'host';
/**
 * `moment`: the rules of time zones put the instant in doubt, or the times in the database are not those that were decided, until a
 * person decides. `clock`: by the networks' own time the
 * posts would be early. `restored`: the database was restored from a backup.
 */
export type HoldKind = 'paused' | 'broken' | 'throttled' | 'moment' | 'clock' | 'restored';

/**
 * What may not be sent now: one campaign (by its id), one platform, one host of a platform (by its name, or by the keyed hash
 * under which a host named by supporters is kept), or everything.
 */
export type HoldTarget =
  | { scope: 'instance' }
  | { scope: 'platform'; platform: string }
  | { scope: 'host'; platform: string; host: string }
  | { scope: 'campaign'; campaignId: string };

/** A target of which sending is held, by whom and why. */
export type Hold = HoldTarget & {
  kind: HoldKind;
  actor: string;
  reason: string;
  /** When it ends by itself; null: only when an operator resumes. */
  until: Date | null;
};

/** Whether a hold keeps a post of this campaign to this host from being sent at `nowMs` (epoch milliseconds). */
export function isHeldBy(
  hold: HoldTarget & { until: Date | null },
  post: { campaignId: string; platform: string; host: string },
  nowMs: number,
): boolean {
  if (hold.until !== null && hold.until.getTime() <= nowMs) return false;
  switch (hold.scope) {
    case 'instance':
      return true;
    case 'platform':
      return hold.platform === post.platform;
    case 'host':
      return hold.platform === post.platform && hold.host === post.host;
    case 'campaign':
      return hold.campaignId === post.campaignId;
  }
}
