import { validateHeaderValue } from 'node:http';
import { USER_AGENT } from '../outbound/wire/user-agent.ts';
import type { Grant } from './platform.ts';

/** What stands before every path at a configured address; '' as a rule. */
export function basePath(apiUrl: string): string {
  return new URL(apiUrl).pathname.replace(/\/+$/, '');
}

/** Headers of a request on a supporter's behalf (RFC 6750, 2.1); null when the token is none that a platform could have made. */
export function bearerHeaders(grant: Grant): string[] | null {
  const authorization = `Bearer ${grant.accessToken}`;
  try {
    validateHeaderValue('authorization', authorization);
  } catch {
    return null;
  }
  return [
    ...['authorization', authorization],
    ...['accept', 'application/json'],
    ...['accept-encoding', 'identity'],
    ...['user-agent', USER_AGENT],
  ];
}
