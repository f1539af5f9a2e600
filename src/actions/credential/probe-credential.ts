import type { Context } from '../../context.ts';
import type { Platform, Probe } from '../../platforms/platform.ts';
import { findLiveCredentials } from '../../store/credential.ts';
import type { UncheckedCredential } from '../../store/credential-check.ts';
import { type OpenCredential, openCredential } from './credential-access.ts';
import { endCredential } from './dead-reason.ts';
import type { RefreshResult } from './refresh-credential.ts';

export type ProbeResult =
  /**
   * `asked`: the platform was asked with the grant itself, so that the answer speaks for the app as well. `id`: of the credential
   * as it is now, where it was refreshed and asked about.
   */
  | { kind: 'alive'; asked: boolean; id?: string }
  | (Extract<Probe, { kind: 'barred' }> & { id: string })
  /** Another worker refreshes it now, or it was replaced. */
  | { kind: 'busy' }
  | Exclude<Probe, { kind: 'alive' | 'barred' }>;

export interface ProbeOptions {
  /** It has to live until then; one that would not is refreshed, which shows as well as a probe that it lives. */
  until: Date;
  /** Ask with the grant even after a refresh, since the app itself has not been tried yet. */
  askAnyway: boolean;
  /** Refreshes when its turn comes, since few are to be under way at a time. */
  refresh: (pledgeId: string) => Promise<RefreshResult>;
}

/**
 * Looks at one credential. One that is found dead is refreshed once, and marked dead only if that does not help; at once where it
 * is the account that is in trouble.
 */
export async function probeCredential(
  ctx: Context,
  platform: Platform,
  record: UncheckedCredential,
  look: ProbeOptions,
): Promise<ProbeResult> {
  const ends = record.expiresAt !== null && record.expiresAt < look.until;
  if (ends) {
    const refreshed = await refreshFor(record, look);
    // That a barred account's grant is renewed does not show that it may post.
    const asks = look.askAnyway || record.barred;
    return refreshed ?? (asks ? probeRefreshed(ctx, platform, record) : ALIVE);
  }
  const opened = await openCredential(ctx, record);
  const probe = await probePlatform(platform, opened);
  if (probe.kind !== 'dead') return toProbeResult(probe, record.id);
  if (probe.reason) {
    await endCredential(ctx, platform, record.id, opened, probe.reason);
    return probe;
  }
  return (await refreshFor(record, look)) ?? probeRefreshed(ctx, platform, record);
}

/** No refresh gives more than was granted. */
async function probePlatform(
  platform: Platform,
  { grant, accountId }: OpenCredential,
): Promise<Probe> {
  if (platform.mayPost?.(grant) === false) {
    return { kind: 'dead', detail: 'less was granted than posting takes', reason: 'reauthorize' };
  }
  return platform.probe(grant, accountId);
}

const ALIVE: ProbeResult = { kind: 'alive', asked: false };

/** `id`: of the credential that the platform was asked about. */
function toProbeResult(probe: Probe, id: string): ProbeResult {
  switch (probe.kind) {
    case 'alive':
      return { kind: 'alive', asked: true, id };
    case 'barred':
      return { ...probe, id };
    default:
      return probe;
  }
}

/** Null when it is refreshed; otherwise what there is to say instead. */
async function refreshFor(
  record: UncheckedCredential,
  look: ProbeOptions,
): Promise<ProbeResult | null> {
  const result = await look.refresh(record.pledgeId);
  switch (result) {
    case 'refreshed':
      return null;
    case 'dead':
      return { kind: 'dead', detail: 'refused when it was refreshed' };
    case 'busy':
      return { kind: 'busy' };
    case 'failed':
      return { kind: 'undecided', detail: 'no answer to a refresh' };
    case 'challenged':
      return { kind: 'undecided', detail: 'a shield at a refresh', challenged: true };
  }
}

/** Asks with the pair that was stored a moment ago. */
async function probeRefreshed(
  ctx: Context,
  platform: Platform,
  record: UncheckedCredential,
): Promise<ProbeResult> {
  const [fresh] = await findLiveCredentials(ctx.db, [record.pledgeId]);
  if (!fresh) return { kind: 'busy' };
  const opened = await openCredential(ctx, fresh);
  const probe = await probePlatform(platform, opened);
  if (probe.kind === 'dead') {
    await endCredential(ctx, platform, fresh.id, opened, probe.reason);
  }
  return toProbeResult(probe, fresh.id);
}
