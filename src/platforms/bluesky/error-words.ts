import { codeWords } from '../code-words.ts';
import { parseObject } from './json.ts';

/** An error of XRPC: `{error, message}`; atproto.com/specs/xrpc. `error` is '' where it is none of theirs. */
export interface XrpcError {
  error: string;
  /** It is JSON of this shape, so it is the server that speaks, and no gateway before it. */
  isTheirs: boolean;
}

/** Longest code word that the ledger keeps. */
const CODE = /^[A-Za-z][\w.-]{0,59}$/;

/**
 * What older servers (@atproto/pds before createRecord asked for the account's state) say as `InvalidRequest` and in words, and the codes
 * that newer ones have for it. The words are fixed, and stand at the beginning.
 */
const OLDER: readonly (readonly [words: RegExp, code: string])[] = [
  [/^Account is deactivated\b/, 'AccountDeactivated'],
  [/^Could not find repo\b/, 'RepoNotFound'],
];

export function readError(body: string): XrpcError {
  const { error, message } = parseObject(body) ?? {};
  if (typeof error !== 'string' || !CODE.test(error)) return { error: '', isTheirs: false };
  const words = error === 'InvalidRequest' && typeof message === 'string' ? message : '';
  const [, code = error] = OLDER.find(([said]) => said.test(words)) ?? [];
  return { error: code, isTheirs: true };
}

/** Of XRPC, of the repository's methods and of OAuth; packages/pds, packages/xrpc and packages/oauth of bluesky-social/atproto. */
const KNOWN = new Set([
  ...[
    'AccountDeactivated',
    'AccountNotFound',
    'AccountSuspended',
    'AccountTakedown',
    'AuthMissing',
  ],
  ...[
    'AuthenticationRequired',
    'BlobTooLarge',
    'Conflict',
    'ExpiredToken',
    'Forbidden',
    'InsufficientScope',
  ],
  ...[
    'InternalServerError',
    'InvalidRequest',
    'InvalidSwap',
    'InvalidToken',
    'MethodNotImplemented',
  ],
  ...[
    'NotEnoughResources',
    'PayloadTooLarge',
    'RateLimitExceeded',
    'RecordNotFound',
    'RepoDeactivated',
    'RepoNotFound',
  ],
  ...[
    'RepoSuspended',
    'RepoTakendown',
    'ScopeMissingError',
    'UpstreamFailure',
    'UpstreamTimeout',
    'XRPCNotSupported',
  ],
  ...[
    'access_denied',
    'insufficient_scope',
    'invalid_client',
    'invalid_client_metadata',
    'invalid_dpop_proof',
  ],
  ...[
    'invalid_grant',
    'invalid_redirect_uri',
    'invalid_request',
    'invalid_scope',
    'invalid_token',
    'server_error',
    'temporarily_unavailable',
  ],
  ...['unauthorized_client', 'unsupported_grant_type', 'use_dpop_nonce'],
]);

/** For the ledger and the log: the status and the server's code word where it is one of the protocol's, never its prose. */
export function summariseError(status: number, { error }: Pick<XrpcError, 'error'>): string {
  return codeWords(status, [error], KNOWN);
}
