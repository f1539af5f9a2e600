import { codeWords } from '../code-words.ts';

/** What is read of the error body of Meta's APIs: developers.facebook.com/docs/graph-api/guides/error-handling. */
export interface GraphError {
  code: number;
  /** 0 without one. */
  subcode: number;
  isTransient: boolean;
  /** Meta gives no code of its own to a wrong proof of the secret, nor to an app that is shut off: only these words. */
  words: 'appsecret_proof' | 'api access blocked' | '';
}

/** A body as the value it stands for; undefined when it is not JSON. */
export function parseGraphJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/**
 * The error in a body; null when there is none, so that it is not Meta that speaks. The token endpoint of Threads has a shape of
 * its own, without an `error` around it.
 */
export function readGraphError(body: string): GraphError | null {
  const parsed = asObject(parseGraphJson(body));
  const error = asObject(parsed?.error) ?? (parsed && 'error_type' in parsed ? parsed : null);
  if (!error || typeof error.code !== 'number' || !Number.isSafeInteger(error.code)) return null;
  return {
    code: error.code,
    subcode: Number.isSafeInteger(error.error_subcode) ? (error.error_subcode as number) : 0,
    isTransient: error.is_transient === true,
    words: toWords(error.message),
  };
}

function toWords(message: unknown): GraphError['words'] {
  const text = typeof message === 'string' ? message.toLowerCase() : '';
  if (text.includes('appsecret_proof')) return 'appsecret_proof';
  return text.includes('api access blocked') ? 'api access blocked' : '';
}

/** A value's fields; null when it has none. */
export function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** Meta's codes are numbers. */
const NO_WORDS: ReadonlySet<string> = new Set();

/** For the ledger and the log: the status, code and subcode, never prose, which may quote the post. */
export function summariseGraphError(status: number, error: GraphError | null): string {
  if (!error) return String(status);
  return codeWords(status, [error.code, ...(error.subcode === 0 ? [] : [error.subcode])], NO_WORDS);
}
