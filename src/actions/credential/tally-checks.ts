import type { Context } from '../../context.ts';
import { nextAttemptAt } from '../../domain/backoff.ts';
import type { TroubleKind } from '../../domain/health/platforms.ts';
import type { Platform } from '../../platforms/platform.ts';
import type { CheckResult, UncheckedCredential } from '../../store/credential-check.ts';
import type { AppSeen } from '../../store/platform-check.ts';
import type { ProbeResult } from './probe-credential.ts';

/** After this many failures in a row that are not about one account, checks at that host stop for now. */
export const MAX_FAILURES_IN_A_ROW = 5;
/** Another worker that refreshes a credential now is done with it soon. */
const BUSY_MS = 5_000;
/** How long a platform, or a credential, is left alone that showed the app's own trouble, or gave no answer. */
export const APP_REST_MS = 60_000;
const SILENCE_REST_MS = 30_000;
/** How long an account is left alone that may not post for now: its owner or its moderators need minutes to end that. */
const BARRED_REST_MS = 5 * 60_000;
/** The backoff is made for posts at the moment; a check is less urgent, and begins this many doublings further. */
const BACKOFF_AHEAD = 3;

/** What a page of checks came to. */
export interface CheckPage {
  results: CheckResult[];
  alive: number;
  dead: number;
  /** Their network does not let their accounts post for now. */
  barred: number;
  /** Without an answer that says anything. */
  undecided: number;
  /** Of these, kept out by a shield before their network or server. */
  challenged: number;
  /** What was learned of the app; null when no grant was tried. */
  app: AppSeen | null;
  /** The platform is to be left alone until then. */
  restsUntil: Date | null;
  /** No other credential is to be checked. */
  over: boolean;
}

export interface Tally {
  readonly page: CheckPage;
  /** It was not looked at, and may be at once by others. */
  leave(record: UncheckedCredential): void;
  note(record: UncheckedCredential, looked: ProbeResult): void;
}

/** Takes down what a page of checks comes to, and sees when going on would be no use. */
export function tallyChecks(ctx: Context, { requires: asks }: Pick<Platform, 'requires'>): Tally {
  const page: CheckPage = {
    results: [],
    alive: 0,
    dead: 0,
    barred: 0,
    undecided: 0,
    challenged: 0,
    app: null,
    restsUntil: null,
    over: false,
  };
  const streak = { of: '', length: 0 };
  const inMs = (ms: number): Date => new Date(ctx.clock.now() + ms);

  function rest(until: Date): void {
    page.over = true;
    if (!page.restsUntil || page.restsUntil < until) page.restsUntil = until;
  }
  /** The same trouble with everybody is not the credentials' trouble. */
  function trouble(
    { kind, of = kind, detail }: { kind: TroubleKind; of?: string; detail: string },
    restMs: number,
  ): void {
    streak.length = streak.of === of ? streak.length + 1 : 1;
    streak.of = of;
    if (streak.length < MAX_FAILURES_IN_A_ROW) return;
    page.app = { ok: false, trouble: kind, detail };
    rest(inMs(restMs));
  }
  function result(record: UncheckedCredential, kind: 'failed' | 'left', after: Date): void {
    page.results.push({ id: record.id, kind, after });
  }

  const notes: { [Kind in ProbeResult['kind']]: Note<Kind> } = {
    alive: (record, { asked, id = record.id }) => {
      page.alive++;
      streak.length = 0;
      page.results.push({ id, kind: 'alive' });
      if (asked && !page.over) page.app = { ok: true, trouble: null, detail: '' };
    },
    // Marked where it was found out.
    dead: () => {
      page.dead++;
      streak.length = 0;
    },
    barred: (_record, { id, reason }) => {
      page.barred++;
      streak.length = 0;
      page.results.push({ id, kind: 'barred', reason, after: inMs(BARRED_REST_MS) });
    },
    busy: (record) => result(record, 'left', inMs(BUSY_MS)),
    app_problem: (record, { detail }) => {
      result(record, 'left', inMs(APP_REST_MS));
      // One account's trouble may look like the app's; where others are taken, it is theirs.
      if (!page.app?.ok) page.app = { ok: false, trouble: 'refused', detail };
      trouble({ kind: 'refused', of: `refused ${detail}`, detail }, APP_REST_MS);
    },
    throttled: (record, { until }) => {
      page.results.push({ id: record.id, kind: 'left', after: null });
      rest(until);
    },
    undecided: (record, { detail, challenged }) => {
      page.undecided++;
      const attempt = record.failures + 1 + BACKOFF_AHEAD;
      result(record, 'failed', nextAttemptAt(inMs(0), attempt, Math.random));
      if (challenged) page.challenged++;
      // The shield before a server that a supporter named says nothing of other servers.
      if (challenged && asks !== 'nothing') return;
      // Silence has many words, and means the same in all of them.
      trouble({ kind: challenged ? 'challenged' : 'silent', detail }, SILENCE_REST_MS);
    },
  };
  return {
    page,
    leave: (record) => page.results.push({ id: record.id, kind: 'left', after: null }),
    note: (record, looked) =>
      (notes[looked.kind] as Note<typeof looked.kind>)(record, looked as never),
  };
}

type Note<Kind extends ProbeResult['kind']> = (
  record: UncheckedCredential,
  looked: Extract<ProbeResult, { kind: Kind }>,
) => void;
