import type { Outcome } from '../../domain/outcome.ts';
import type { RelayAnswer } from './relay.ts';

/** A relay that says "later" names no time. */
const LATER_MS = 5_000;
/** Those who have to come again are spread over so long. */
const SPREAD_MS = 5_000;

/**
 * What came of one event sent to all relays. Its id is its hash, so that sending it again never doubles it: what is in doubt
 * is asked for first all the same. `id`: 64 hexadecimal digits. Never throws. Rows: docs/platforms/nostr.md.
 */
export function classify(
  answers: readonly RelayAnswer[],
  quorum: number,
  post: { id: string; url: string },
  now: Date,
): Outcome {
  const has = (kind: RelayAnswer['kind']) => answers.some((answer) => answer.kind === kind);
  const taken = answers.filter(({ kind }) => kind === 'taken').length;
  const detail = detailOf(answers);
  const isOpen = has('later') || has('silent') || has('unsent');
  // Fewer than wanted, and nobody left who might: it is there, for everybody to read.
  if (taken >= Math.max(quorum, 1) || (taken > 0 && !isOpen)) return { kind: 'posted', ...post };
  if (taken > 0 || has('silent')) return { kind: 'unknown', detail };
  if (has('later')) return { kind: 'wait', until: later(post.id, now), detail };
  if (has('unsent') || answers.length === 0) return { kind: 'not_sent', detail };
  return { kind: 'refused', reason: reasonOf(answers), detail };
}

/** Relays know the author by the key: those that bar it bar the account. The rest is about the event. */
function reasonOf(answers: readonly RelayAnswer[]): 'account_locked' | 'text_invalid' {
  const barred = new Set(['blocked', 'restricted', 'auth-required', 'mute']);
  const isBarred = answers.some(
    ({ kind, ...answer }) => kind === 'refused' && isIn(barred, answer),
  );
  return isBarred ? 'account_locked' : 'text_invalid';
}

function isIn(words: ReadonlySet<string>, answer: { word?: string }): boolean {
  return answer.word !== undefined && words.has(answer.word);
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
