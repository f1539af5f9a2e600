import type { LinkedinConfig } from '../../../config/platforms.ts';
import { reportNetworkTime } from '../../outbound/wire/network-clock.ts';
import type { PreparedRequest, Sender } from '../../outbound/wire/sender.ts';
import { basePath, bearerHeaders } from '../bearer.ts';
import type { PostOrder, PreparedPost } from '../platform.ts';
import { classify } from './classify.ts';
import { little } from './little.ts';

/** A post's own page: found by its URN alone. */
export function postUrl(config: LinkedinConfig, urn: string): string {
  return `${config.postUrl}/feed/update/${urn}`;
}

/** Puts POST /rest/posts together: learn.microsoft.com, Posts API, "Create organic posts". */
export function createPrepare(sender: Sender, config: LinkedinConfig) {
  const path = `${basePath(config.apiUrl)}/rest/posts`;
  const urlOf = (urn: string): string => postUrl(config, urn);
  return (order: PostOrder): PreparedPost => {
    const headers = bearerHeaders(order.grant);
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
      body: bodyOf(order),
    };
    return async (told) => {
      const result = await sender.send(request);
      reportNetworkTime(result, told);
      return classify(result, new Date(), urlOf);
    };
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
