import { codeWords } from '../code-words.ts';

/** What is read of LinkedIn's error body: {status, code, serviceErrorCode, message, errorDetails.inputErrors}. */
export interface ErrorBody {
  /** Such as NONEXISTENT_VERSION; '' without one. */
  code: string;
  /** A number of LinkedIn's own for the case; null without one. */
  serviceCode: number | null;
  /** Codes of what is wrong with the input, such as DUPLICATE_POST. */
  inputs: readonly string[];
  /** For the few cases that have no code. */
  message: string;
  /** It is a JSON object, so it is LinkedIn that speaks, and no gateway before it. */
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

/** `data`: the body as parseJson gives it. */
export function readErrorBody(data: unknown): ErrorBody {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return { code: '', serviceCode: null, inputs: [], message: '', parsed: false };
  }
  const { code, serviceErrorCode, message, errorDetails } = data as Record<string, unknown>;
  return {
    code: codeWord(code),
    serviceCode: Number.isSafeInteger(serviceErrorCode) ? Number(serviceErrorCode) : null,
    inputs: inputsOf(errorDetails),
    message: typeof message === 'string' ? message : '',
    parsed: true,
  };
}

function inputsOf(details: unknown): string[] {
  const errors = (details as { inputErrors?: unknown } | null | undefined)?.inputErrors;
  if (!Array.isArray(errors)) return [];
  return (errors as unknown[]).flatMap(
    (error) => codeWord((error as { code?: unknown } | null)?.code) || [],
  );
}

/** LinkedIn's codes are in capitals; anything else may be prose, or name a post. */
function codeWord(value: unknown): string {
  return typeof value === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(value) ? value : '';
}

const VERSION_CODES = new Set(['NONEXISTENT_VERSION', 'VERSION_MISSING', 'INVALID_VERSION']);
/** The address or the way of asking is not LinkedIn's any more. */
const WRONG_ADDRESS = new Set([404, 405, 410]);

/**
 * What is wrong is the app's and not the member's: a version that has been sunset (426, or 400 where none is named), or a
 * product that the app lost. learn.microsoft.com/en-us/linkedin/marketing/versioning; field reports of 426.
 */
export function isAppProblem(status: number, body: ErrorBody): boolean {
  if (status === 426 || status === 402) return true;
  return body.parsed && (WRONG_ADDRESS.has(status) || VERSION_CODES.has(body.code));
}

/** learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/error-handling, and of the Posts API. */
const KNOWN = new Set([
  ...[
    'ACCESS_DENIED',
    'BAD_REQUEST',
    'CONFLICT',
    'DUPLICATE_POST',
    'EMPTY_ACCESS_TOKEN',
    'EXPIRED_ACCESS_TOKEN',
  ],
  ...[
    'FIELD_INVALID',
    'FIELD_LENGTH_TOO_LONG',
    'FIELD_REQUIRED',
    'FIELD_VALUE_TOO_LONG',
    'FORBIDDEN',
  ],
  ...[
    'GATEWAY_TIMEOUT',
    'ILLEGAL_ARGUMENT',
    'INTERNAL_SERVER_ERROR',
    'INVALID_ACCESS_TOKEN',
    'INVALID_CONTENT',
  ],
  ...[
    'INVALID_TOKEN',
    'INVALID_VALUE_FOR_FIELD',
    'INVALID_VERSION',
    'MISSING_FIELD',
    'MISSING_REQUIRED_FIELD',
  ],
  ...[
    'NONEXISTENT_VERSION',
    'NOT_ENOUGH_PERMISSIONS',
    'NOT_FOUND',
    'RESOURCE_NOT_FOUND',
    'REVOKED_ACCESS_TOKEN',
  ],
  ...[
    'SERVICE_UNAVAILABLE',
    'TIMEOUT',
    'TOO_MANY_REQUESTS',
    'UNAUTHORIZED',
    'UNPROCESSABLE_ENTITY',
    'VERSION_MISSING',
  ],
]);

/** For the ledger and the log: the status and LinkedIn's own code words, never its prose, which names posts. */
export function summariseError(status: number, body: ErrorBody): string {
  const { code, serviceCode, inputs } = body;
  const service = serviceCode === null ? [] : [serviceCode];
  return codeWords(status, [code, ...service, ...inputs], KNOWN);
}
