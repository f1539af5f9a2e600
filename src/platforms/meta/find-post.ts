import type { Reconciled } from '../platform.ts';
import { isGone, isGraphAppProblem, isGraphId, isPermission, isTokenEnded } from './classify.ts';
import { asObject } from './error-body.ts';
import { GraphRefused } from './graph.ts';

/**
 * A post cannot be older than that before we sent it: our clock may be ahead of Meta's, whose times are whole seconds, and a
 * post that is overlooked is sent twice.
 */
export const CLOCK_SLACK_MS = 60_000;
/** Posts that one page of a list holds. */
export const PAGE = 50;

/** Where a list has what we look for. */
export interface FieldNames {
  text: string;
  time: string;
  link: string;
}

/**
 * Looks for a text in a list of posts, newest first. `absent` lets the post be sent again, so it takes a list that was really
 * read, back to `oldest`, in epoch milliseconds.
 */
export function findPost(
  answer: Readonly<Record<string, unknown>>,
  names: FieldNames,
  text: string,
  oldest: number,
): Reconciled {
  const { data, paging } = answer;
  if (!Array.isArray(data)) return { kind: 'undecided', detail: 'no list in the answer' };
  const posts = (data as unknown[]).map(asObject);
  const wanted = comparable(text);
  let reachesBack = asObject(paging)?.next === undefined && data.length < PAGE;
  for (const post of posts) {
    if (!post || !isGraphId(post.id)) return { kind: 'undecided', detail: 'posts are missing' };
    const at = Date.parse(String(post[names.time]));
    if (at < oldest) {
      reachesBack = true;
    } else if (comparable(post[names.text]) === wanted) {
      const link = post[names.link];
      return { kind: 'found', id: post.id, url: typeof link === 'string' ? link : '' };
    }
  }
  return reachesBack
    ? { kind: 'absent' }
    : { kind: 'undecided', detail: 'more posts since than one page holds' };
}

/** Only a refusal of this account ends the looking; the app, a limit or a gateway may let us read later. */
export function whyNotRead(error: unknown): Reconciled {
  if (!(error instanceof GraphRefused)) return { kind: 'undecided', detail: 'no answer' };
  const refused = isTokenEnded(error.error) || isPermission(error.error) || isGone(error.error);
  const kind = refused && !isGraphAppProblem(error.error) ? 'unreadable' : 'undecided';
  return { kind, detail: error.message };
}

/** The words of a post: blanks do not tell two posts apart. */
function comparable(text: unknown): string {
  return typeof text === 'string' ? text.normalize('NFC').replace(/\s+/g, ' ').trim() : '';
}
