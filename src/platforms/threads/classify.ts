import type { Outcome } from '../../domain/outcome.ts';
import type { SendResult } from '../../outbound/wire/sender.ts';
import { classifyGraphPost } from '../meta/classify.ts';
import { readGraphError, summariseGraphError } from '../meta/error-body.ts';

/** How long to leave a container alone that is not found yet. */
export const NOT_FOUND_WAIT_MS = 10_000;
const MEDIA = 24;
const MEDIA_NOT_FOUND = 4279009;

/** Threads tells a post's id and not its address, which has the handle in it: looking for the post gives that. */
export const NO_URL = (): null => null;

/** Whether publishing was refused for the container: never executed. github.com/gitroomhq/postiz-app/pull/2047. */
export function isContainerMissing(result: SendResult): boolean {
  if (result.kind === 'no_answer' || result.status < 400 || result.status >= 500) return false;
  const error = readGraphError(result.body);
  return error !== null && (error.code === MEDIA || error.subcode === MEDIA_NOT_FOUND);
}

/** What came of threads_publish. Never throws. */
export function classify(result: SendResult, now: Date): Outcome {
  if (result.kind === 'answer' && isContainerMissing(result)) {
    const detail = summariseGraphError(result.status, readGraphError(result.body));
    return { kind: 'wait', until: new Date(now.getTime() + NOT_FOUND_WAIT_MS), detail };
  }
  return classifyGraphPost(result, now, NO_URL);
}

/**
 * What a failure to make a container means for its post: nothing was published, so what would be in doubt after a post is
 * simply not sent. Null: there is a container.
 */
export function classifyCreate(result: SendResult, now: Date): Outcome {
  const outcome = classifyGraphPost(result, now, NO_URL);
  if (outcome.kind === 'unknown') return { kind: 'not_sent', detail: outcome.detail };
  return outcome;
}
