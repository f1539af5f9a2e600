import type { Outcome } from '../../domain/outcome.ts';
import type { RelayAnswer } from './relay.ts';

/** A relay that says "later" names no time. */
const LATER_MS = 5_000;
/** Posts that have to be sent again are spread over this time. */
const SPREAD_MS = 5_000;

/**
 * How long after the moment a relay that finds fault with the time is tried again: its clock may be behind. Later than that
 * it is no small error of a clock.
 */
const CLOCK_PATIENCE_MS = 60_000;

/** The event that was sent. `id`: 64 hexadecimal digits. `createdAt`: what it is dated to. */
export interface SentEvent {
  id: string;
  url: string;
  createdAt: Date;
}

/**
 * What came of one event sent to all relays. Its id is its hash, so that sending it again never doubles it: what is in doubt
 * is asked for first all the same. Never throws. Rows: docs/platforms/nostr.md.
 */
export function classify(
  answers: readonly RelayAnswer[],
  quorum: number,
  { id, url, createdAt }: SentEvent,
  now: Date,
): Outcome {
  const has = (kind: RelayAnswer['kind']) => answers.some((answer) => answer.kind === kind);
  const taken = answers.filter(({ kind }) => kind === 'taken').length;
  const detail = detailOf(answers);
  const mayBeBehind = now.getTime() - createdAt.getTime() < CLOCK_PATIENCE_MS;
  const isLater = has('later') || (has('untimely') && mayBeBehind);
  const isOpen = isLater || has('silent') || has('unsent');
  // Fewer than wanted, and no relay is left that might take it: the event is published all the same.
  if (taken >= Math.max(quorum, 1) || (taken > 0 && !isOpen)) return { kind: 'posted', id, url };
  if (taken > 0 || has('silent')) return { kind: 'unknown', detail };
  if (isLater) return { kind: 'wait', until: later(id, now), detail };
  if (has('unsent') || answers.length === 0) return { kind: 'not_sent', detail };
  return { kind: 'refused', reason: reasonOf(answers), detail };
}

/**
 * Relays know the author by the key: those that bar it bar this one person, and those that take posts of members only may know
 * others of the campaign. Whom they want to know, the work that they want done, and their clock are the same for everybody's
 * post, and the operator's to mend, who chose the relays. The rest is about the event.
 */
function reasonOf(
  answers: readonly RelayAnswer[],
): 'key_barred' | 'relay_members_only' | 'app_problem' | 'text_invalid' {
  const says = (...words: readonly string[]): boolean =>
    answers.some((answer) => answer.kind === 'refused' && words.includes(answer.word));
  if (says('blocked', 'mute')) return 'key_barred';
  if (says('restricted')) return 'relay_members_only';
  const isForAll = says('auth-required', 'pow') || answers.some(({ kind }) => kind === 'untimely');
  return isForAll ? 'app_problem' : 'text_invalid';
}

/** Spread by the event's own hash, so that chance stays out of it. */
function later(id: string, now: Date): Date {
  const share = Number.parseInt(id.slice(0, 4), 16) / 0xffff;
  const spread = Number.isFinite(share) ? share * SPREAD_MS : 0;
  return new Date(now.getTime() + LATER_MS + Math.round(spread));
}

/** How many relays said what, in the protocol's words: "taken 1 rate-limited 2". */
function detailOf(answers: readonly RelayAnswer[]): string {
  const counts = new Map<string, number>();
  for (const answer of answers) {
    const word = 'word' in answer ? answer.word : answer.kind;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  if (counts.size === 0) return 'NO_RELAY';
  return [...counts]
    .map(([word, count]) => `${word} ${count}`)
    .join(' ')
    .slice(0, 100);
}
