import type { Outcome, RefusalReason } from '../../domain/outcome.ts';
import { isChallenge, keptOut } from '../../outbound/challenge.ts';
import type { SendResult } from '../../outbound/wire/sender.ts';
import { probeOfRefused } from '../account-refusal.ts';
import type { Probe } from '../platform.ts';
import {
  asObject,
  type GraphError,
  parseGraphJson,
  readGraphError,
  summariseGraphError,
} from './error-body.ts';
import { regainAt } from './regain.ts';

/** Ids of posts, containers and pages: numbers as text, those of a page's posts in two parts. */
const ID = /^\d{1,30}(_\d{1,30})?$/;

const TOKEN_ENDED = new Set([102, 190]);
/** The person has to log in to the network and confirm something; their grant may live on. */
const CHECKPOINT = new Set([459, 464]);
/** Blocked for a while for what was posted; restricted from posting; restricted for its activity. */
const BLOCKED = 368;
const RESTRICTED = new Set([2207051, 4279013]);
const APP_LIMITS = new Set([4, 341]);
const ACCOUNT_LIMITS = new Set([17, 32, 613]);
/** Posts of the day are used up; the same in the API for Instagram, whose containers Threads has. */
const QUOTA_SUBCODE = 2207042;
const QUOTA = 9;
/** The app has not the capability, is unknown, has to prove its secret; the method, the path or the version is no more. */
const APP_PROBLEMS = new Set([3, 12, 101, 104, 2500, 2635]);
/** It does not exist, or is not shown to this token; the person behind a page's token has no role on the page any more. */
const INVALID_PARAMETER = 100;
const NO_OBJECT = 33;
const NO_ROLE = 492;
const DUPLICATE = 506;
/** Meta does not know what happened, or was not there. */
const UNKNOWN = new Set([1, 2]);

/** `id` of an answer; null when there is none that can be an id of Meta's. */
export function readGraphId(body: string): string | null {
  const id = asObject(parseGraphJson(body))?.id;
  return isGraphId(id) ? id : null;
}

export function isGraphId(id: unknown): id is string {
  return typeof id === 'string' && ID.test(id);
}

/**
 * What came of a POST that makes a post public: by status, code and subcode. `urlOf` makes a post's address of its id, where
 * that is enough; `gone` is what it means that what is posted to is not there. Never throws. Rows: developers.facebook.com/docs/graph-api/guides/error-handling, and field reports for the
 * subcodes.
 */
export function classifyGraphPost(
  result: SendResult,
  now: Date,
  urlOf: (id: string) => string | null,
  gone: RefusalReason = 'reauthorize',
): Outcome {
  if (result.kind === 'no_answer') {
    return { kind: result.left ? 'unknown' : 'not_sent', detail: result.code };
  }
  if (isChallenge(result)) return keptOut(result, now);
  const { status, headers, body } = result;
  const error = readGraphError(body);
  const detail = summariseGraphError(status, error);
  if (status < 400) {
    const id = status >= 200 && status < 300 ? readGraphId(body) : null;
    return id === null ? { kind: 'unknown', detail } : { kind: 'posted', id, url: urlOf(id) };
  }
  const refused = (reason: RefusalReason): Outcome => ({ kind: 'refused', reason, detail });
  if (!error) {
    // An intermediary's limit is not executed; what else it says proves nothing.
    if (status === 429) return { kind: 'throttled', until: regainAt(headers, now), detail };
    return { kind: 'unknown', detail };
  }
  if (isGraphAppProblem(error)) return refused('app_problem');
  if (isLocked(error)) return refused('account_locked');
  if (isGone(error)) return refused(gone);
  if (isTokenEnded(error)) return { kind: 'reconnect', detail };
  if (APP_LIMITS.has(error.code)) {
    return { kind: 'throttled', until: regainAt(headers, now), detail };
  }
  if (isQuota(error)) return refused('quota_user');
  if (ACCOUNT_LIMITS.has(error.code)) {
    return { kind: 'wait', until: regainAt(headers, now), detail };
  }
  if (UNKNOWN.has(error.code) || status >= 500) return { kind: 'unknown', detail };
  if (error.isTransient) return { kind: 'wait', until: regainAt(headers, now), detail };
  if (error.code === DUPLICATE) return refused('duplicate');
  return refused(isPermission(error) ? 'reauthorize' : 'text_invalid');
}

/** What an answer to "who am I?" says about the grant that it was asked with. Never throws. */
export function classifyGraphProbe(
  {
    status,
    headers,
    body,
  }: { status: number; headers: Readonly<Record<string, string>>; body: string },
  now: Date,
): Probe {
  const error = readGraphError(body);
  const detail = summariseGraphError(status, error);
  if (status >= 200 && status < 300 && readGraphId(body) !== null) return { kind: 'alive' };
  if (error && isGraphAppProblem(error)) return { kind: 'app_problem', detail };
  if ((error && isLimit(error)) || status === 429) {
    return { kind: 'throttled', until: regainAt(headers, now), detail };
  }
  if (!error) return { kind: 'undecided', detail };
  if (isLocked(error)) return probeOfRefused('account_locked', detail);
  const isDead = isTokenEnded(error) || isPermission(error) || isGone(error);
  return { kind: isDead ? 'dead' : 'undecided', detail };
}

/** Too many requests of the app or of the account. */
export function isLimit({ code }: GraphError): boolean {
  return APP_LIMITS.has(code) || ACCOUNT_LIMITS.has(code);
}

export function isTokenEnded({ code, subcode }: GraphError): boolean {
  return TOKEN_ENDED.has(code) && !CHECKPOINT.has(subcode);
}

/** What is posted to is gone, or its owner has no right to it any more. */
export function isGone({ code, subcode }: GraphError): boolean {
  if (code === INVALID_PARAMETER) return subcode === NO_OBJECT;
  return TOKEN_ENDED.has(code) && subcode === NO_ROLE;
}

export function isGraphAppProblem({ code, words }: GraphError): boolean {
  return words !== '' || APP_PROBLEMS.has(code);
}

/**
 * Not granted, or taken back since. One person can do that with a click, so it must not stop everybody's posts as a fault of the
 * app would.
 */
export function isPermission({ code }: GraphError): boolean {
  return code === 10 || (code >= 200 && code < 300);
}

/** Only its owner can do something about it, at the network itself. */
export function isLocked({ code, subcode }: GraphError): boolean {
  if (code === BLOCKED || RESTRICTED.has(subcode)) return true;
  return TOKEN_ENDED.has(code) && CHECKPOINT.has(subcode);
}

function isQuota({ code, subcode }: GraphError): boolean {
  return code === QUOTA || subcode === QUOTA_SUBCODE;
}
