import { codeWords } from '../code-words.ts';

/** What is read of X's two shapes of error body: problem details, and the older list of codes. */
export interface ErrorBody {
  /** The last part of the problem type, such as `usage-capped`; '' without one. */
  problem: string;
  detail: string;
  reason: string;
  codes: readonly number[];
  /** It is JSON, so it is X that speaks, and no gateway before it. */
  parsed: boolean;
}

/** A body as the value it stands for; undefined when it is not JSON. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** `data`: the body as parseJson gives it; text that is no JSON is not X's error body. */
export function readErrorBody(data: unknown): ErrorBody {
  if (typeof data !== 'object' || data === null) {
    return { problem: '', detail: '', reason: '', codes: [], parsed: false };
  }
  const fields = data as Record<string, unknown>;
  const text = (key: string): string => (typeof fields[key] === 'string' ? fields[key] : '');
  return {
    problem: text('type').split('/').pop() ?? '',
    detail: text('detail').toLowerCase(),
    reason: text('reason'),
    codes: readCodes(fields.errors),
    parsed: true,
  };
}

function readCodes(errors: unknown): number[] {
  if (!Array.isArray(errors)) return [];
  return (errors as unknown[]).flatMap((entry) => {
    const code = (entry as { code?: unknown } | null)?.code;
    return typeof code === 'number' ? [code] : [];
  });
}

const APP_PROBLEMS = new Set(['usage-capped', 'client-forbidden', 'oauth1-permissions']);
/** The endpoint is retired; the app may not write, is suspended, or has not the access level. */
const APP_CODES = new Set([251, 261, 416, 453]);
/** The address or the way of asking is not X's any more: a wrong version, whatever was asked. */
const WRONG_VERSION = new Set([404, 405, 410, 426]);

/**
 * What is wrong is the app's and not the account's: credits, permissions or version. Words are read only where X has no code
 * for it. docs.x.com/x-api/fundamentals/response-codes-and-errors, and field reports.
 */
export function isAppProblem(status: number, body: ErrorBody): boolean {
  if (status === 402 || APP_PROBLEMS.has(body.problem)) return true;
  // Of an account that is suspended X says in words that are the app's otherwise.
  if (!body.parsed || body.detail.includes('account is suspended')) return false;
  return (
    WRONG_VERSION.has(status) ||
    body.codes.some((code) => APP_CODES.has(code)) ||
    (status === 403 && body.detail.includes('not permitted to access this feature'))
  );
}

/** Types of problems and their reasons: docs.x.com/x-api/fundamentals/response-codes-and-errors, and X's OpenAPI document. */
const KNOWN = new Set([
  ...[
    'client-disconnected',
    'client-forbidden',
    'client-not-enrolled',
    'conflict',
    'connection-exception',
  ],
  ...[
    'credits',
    'credits-depleted',
    'disallowed-resource',
    'duplicate',
    'duplicate-rules',
    'internal-error',
    'invalid-request',
  ],
  ...[
    'invalid-rules',
    'noncompliant-rules',
    'not-authorized-for-field',
    'not-authorized-for-resource',
  ],
  ...[
    'oauth1-permissions',
    'official-client-forbidden',
    'operational-disconnect',
    'resource-not-found',
  ],
  ...[
    'resource-unavailable',
    'rule-cap',
    'service-unavailable',
    'streaming-connection',
    'unsupported-authentication',
  ],
  ...['usage-capped', 'user-suspended'],
]);

/** For the ledger and the log: the status and X's own code words, never its prose, which may quote the post. */
export function summariseError(status: number, body: ErrorBody): string {
  const problem = body.problem === 'about:blank' ? '' : body.problem;
  return codeWords(status, [problem, body.reason, ...body.codes], KNOWN);
}
