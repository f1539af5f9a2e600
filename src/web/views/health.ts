import type { TroubleKind } from '../../domain/health/platforms.ts';
import type { HoldKind, HoldScope } from '../../domain/hold.ts';

/** Something about the instance that is not as it should be; see `domain/health.ts`. */
export interface FindingView {
  check: string;
  level: 'red' | 'warning';
  what: string;
  since: string;
  mend: string;
  about: readonly string[];
}

/** Something that holds posts back, and who said so. */
export interface HoldView {
  scope: HoldScope;
  kind: HoldKind;
  /** A campaign's slug, a platform's name as people call it, or `instance`. */
  subject: string;
  who: string;
  since: string;
  /** It ends by itself then; null: only when an operator resumes. */
  until: string | null;
  reason: string;
  /** Where the form that lets sending go on after a restore posts to; null for what is held otherwise. */
  releaseAction: string | null;
}

/** Where the buttons that stop something, or let it go on, post to; null where there is nothing to pause. */
export interface StopView {
  /** What is stopped, as people call it. */
  label: string;
  /** What has to be typed before an abort. */
  confirm: string;
  pauseAction: string | null;
  resumeAction: string | null;
  abortAction: string;
}

/** Whether a platform takes our app, as found last. */
export interface AppView {
  label: string;
  ok: boolean;
  /** Null where all is well, and where it was seen by an older version. */
  trouble: TroubleKind | null;
  /** What the platform said; empty where all is well. */
  detail: string;
  checkedAt: string;
  /** Set while it is left alone; it is asked again then. */
  restsUntil: string | null;
}

/** How ready a campaign is for its moment. `ready`, `dead` and `unchecked` add up to `pledges`. */
export interface ReadinessView {
  pledges: number;
  ready: number;
  dead: number;
  barred: number;
  unchecked: number;
  app: readonly AppView[];
}

/** A moment that the rules of its time zone put in doubt, or times that nobody decided. */
export interface MomentDoubtView {
  /** What is in doubt, in a sentence. */
  what: string;
  /** `changed`: the database had times that nobody decided. */
  cause: 'rules' | 'changed';
  /** The instant that it is set for; ISO 8601, UTC. */
  instant: string;
  /** Instants that it can be moved to, and whose word each is. */
  choices: readonly { instant: string; sources: readonly string[] }[];
  /** Where the form posts to. */
  action: string;
}
