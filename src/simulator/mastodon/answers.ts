import type { SimulatedResponse } from '../platform.ts';
import type { Window } from '../x/limits.ts';

/** What Mastodon answers: docs.joinmastodon.org/entities/Error, /methods/statuses and /methods/oauth, and the field. */
export const JSON_TYPE = 'content-type: application/json; charset=utf-8\r\n';

export function json(status: number, body: unknown, headers = ''): SimulatedResponse {
  return { status, headers: JSON_TYPE + headers, body: JSON.stringify(body) };
}

export function failure(status: number, error: string, headers?: string): SimulatedResponse {
  return json(status, { error }, headers);
}

export function oauthError(
  status: number,
  error: string,
  error_description: string,
): SimulatedResponse {
  return json(status, { error, error_description });
}

export function invalidClient(): SimulatedResponse {
  return oauthError(401, 'invalid_client', 'Client authentication failed due to unknown client.');
}

/** ISO 8601 with microseconds: docs.joinmastodon.org/api/rate-limits. */
export function limitHeaders({ limit, used, endsMs }: Pick<Window, 'limit' | 'used' | 'endsMs'>) {
  const reset = new Date(endsMs).toISOString().replace('Z', '000Z');
  const left = Math.max(0, limit - used);
  return `x-ratelimit-limit: ${limit}\r\nx-ratelimit-remaining: ${left}\r\nx-ratelimit-reset: ${reset}\r\n`;
}

export function page(status: number, title: string): SimulatedResponse {
  const body = `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center><hr><center>nginx</center></body></html>\n`;
  return { status, headers: 'content-type: text/html\r\n', body };
}
