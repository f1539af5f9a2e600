import { validateHeaderValue } from 'node:http';
import type { XConfig } from '../../../config/platforms.ts';
import type { Grant, PostOrder, PreparedPost } from '../platform.ts';
import type { PreparedRequest, Sender } from '../sender.ts';
import { classify } from './classify.ts';
import { postUrl } from './post-url.ts';

/** What stands before every path at the configured address; '' as a rule. */
export function basePath(config: XConfig): string {
  return new URL(config.apiUrl).pathname.replace(/\/+$/, '');
}

/** Headers of a request on a supporter's behalf; null when the token is none that X could have made. */
export function headersFor(grant: Grant): string[] | null {
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
    ...['user-agent', 'Tocsin'],
  ];
}

/** Puts POST /2/tweets together: docs.x.com/x-api/posts/create-post. */
export function createPrepare(sender: Sender, config: XConfig) {
  const path = `${basePath(config)}/2/tweets`;
  const urlOf = (id: string): string => postUrl(config, id);
  return (order: PostOrder): PreparedPost => {
    const headers = headersFor(order.grant);
    if (!headers) return async () => ({ kind: 'reconnect', detail: 'the token is not readable' });
    const request: PreparedRequest = {
      method: 'POST',
      path,
      headers: [...headers, 'content-type', 'application/json'],
      body: Buffer.from(JSON.stringify({ text: order.text })),
    };
    return async () => classify(await sender.send(request), new Date(), urlOf);
  };
}
