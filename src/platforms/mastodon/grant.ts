import { validateHeaderValue } from 'node:http';
import type { Account, Grant } from '../platform.ts';
import { UNKNOWN_SOFTWARE } from './software.ts';

/** What a grant is for, and what it takes to give it back. Kept with the grant, under its seal. */
export interface GrantServer {
  origin: string;
  /** See software.ts. */
  software: string;
  clientId: string;
  clientSecret: string;
  revokeUrl: string;
}

/** @throws when the grant is none of ours. */
export function readGrantServer({ extra }: Grant): GrantServer {
  const origin = extra?.origin ?? '';
  if (!URL.canParse(origin)) throw new Error('The grant does not say which server it is for');
  return {
    origin,
    software: extra?.software ?? UNKNOWN_SOFTWARE,
    clientId: extra?.clientId ?? '',
    clientSecret: extra?.clientSecret ?? '',
    revokeUrl: extra?.revokeUrl ?? `${origin}/oauth/revoke`,
  };
}

/** The same; null when the grant is none of ours. */
export function tryGrantServer(grant: Grant): GrantServer | null {
  try {
    return readGrantServer(grant);
  } catch {
    return null;
  }
}

/** Identity is the server that was asked, and the id that it gave there: never what the server claims to be. */
export function accountId(origin: string, id: string): string {
  return `${origin} ${id}`;
}

/** The account's id at the server that its grant is for; null when it is another server's. */
export function idAt(origin: string, account: Account): string | null {
  const [of, id] = account.id.split(' ');
  return of === origin && id !== undefined && id !== '' ? id : null;
}

/** Null when the token is none that can be sent. */
export function toBearer({ accessToken }: Grant): string | null {
  const authorization = `Bearer ${accessToken}`;
  try {
    validateHeaderValue('authorization', authorization);
  } catch {
    return null;
  }
  return accessToken === '' ? null : authorization;
}
