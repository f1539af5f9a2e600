import { validateHeaderValue } from 'node:http';
import type { LinkedinConfig } from '../../../config/platforms.ts';
import type { Grant, PostOrder, PreparedPost } from '../platform.ts';
import type { PreparedRequest, Sender } from '../sender.ts';
import { classify } from './classify.ts';
import { little } from './little.ts';

/** A post's own page: found by its URN alone. */
export function postUrl(config: LinkedinConfig, urn: string): string {
  return `${config.postUrl}/feed/update/${urn}`;
}

/** What stands before every path at the configured address; '' as a rule. */
export function basePath(config: LinkedinConfig): string {
  return new URL(config.apiUrl).pathname.replace(/\/+$/, '');
}

/** Headers of a request on a supporter's behalf; null when the token is none that LinkedIn could have made. */
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

/** Puts POST /rest/posts together: learn.microsoft.com, Posts API, "Create organic posts". */
export function createPrepare(sender: Sender, config: LinkedinConfig) {
  const path = `${basePath(config)}/rest/posts`;
  const urlOf = (urn: string): string => postUrl(config, urn);
  return (order: PostOrder): PreparedPost => {
    const headers = headersFor(order.grant);
    if (!headers) return async () => ({ kind: 'reconnect', detail: 'the token is not readable' });
    const request: PreparedRequest = {
      method: 'POST',
      path,
      headers: [
        ...headers,
        ...['content-type', 'application/json'],
        ...['linkedin-version', config.version],
        ...['x-restli-protocol-version', '2.0.0'],
      ],
      body: Buffer.from(bodyOf(order)),
    };
    return async () => classify(await sender.send(request), new Date(), urlOf);
  };
}

/** The same for the same order, to the byte: a post sent again has to be seen as a duplicate. */
function bodyOf({ account, text }: PostOrder): string {
  return JSON.stringify({
    author: `urn:li:person:${account.id}`,
    commentary: little(text),
    visibility: 'PUBLIC',
    distribution: {
      feedDistribution: 'MAIN_FEED',
      targetEntities: [],
      thirdPartyDistributionChannels: [],
    },
    lifecycleState: 'PUBLISHED',
    isReshareDisabledByAuthor: false,
  });
}
