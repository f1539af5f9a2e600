import type { XConfig } from '../../../config/platforms.ts';
import { reportNetworkTime } from '../../outbound/wire/network-clock.ts';
import type { PreparedRequest, Sender } from '../../outbound/wire/sender.ts';
import { createStringInterner } from '../../outbound/wire/string-interner.ts';
import { basePath, bearerHeaders } from '../bearer.ts';
import type { PostOrder, PreparedPost } from '../platform.ts';
import { classify } from './classify.ts';
import { postUrl } from './post-url.ts';

/** Puts POST /2/tweets together: docs.x.com/x-api/posts/create-post. */
export function createPrepare(sender: Sender, config: XConfig) {
  const path = `${basePath(config.apiUrl)}/2/tweets`;
  const bodyOf = createStringInterner();
  const urlOf = (id: string): string => postUrl(config, id);
  return (order: PostOrder): PreparedPost => {
    const headers = bearerHeaders(order.grant);
    if (!headers) return async () => ({ kind: 'reconnect', detail: 'the token is not readable' });
    const request: PreparedRequest = {
      method: 'POST',
      path,
      headers: [...headers, 'content-type', 'application/json'],
      body: bodyOf(JSON.stringify({ text: order.text })),
    };
    return async (told) => {
      const result = await sender.send(request);
      reportNetworkTime(result, told);
      return classify(result, new Date(), urlOf);
    };
  };
}
