import { parseObject } from './json.ts';

/** An error of XRPC: `{error, message}`; atproto.com/specs/xrpc. `error` is '' where it is none of theirs. */
export interface XrpcError {
  error: string;
  /** It is JSON of this shape, so it is the server that speaks, and no gateway before it. */
  isTheirs: boolean;
}

/** Longest code word that the ledger keeps. */
const CODE = /^[A-Za-z][\w.-]{0,59}$/;

export function readError(body: string): XrpcError {
  const error = parseObject(body)?.error;
  return typeof error === 'string' && CODE.test(error)
    ? { error, isTheirs: true }
    : { error: '', isTheirs: false };
}

/** For the ledger and the log: the status and the server's code word, never its prose. */
export function summaryOf(status: number, { error }: XrpcError): string {
  return error === '' ? String(status) : `${status} ${error}`;
}
