import type { FacebookConfig } from '../../../config/platforms.ts';
import { reportNetworkTime } from '../../outbound/wire/network-clock.ts';
import type { PreparedRequest, Sender } from '../../outbound/wire/sender.ts';
import { USER_AGENT } from '../../outbound/wire/user-agent.ts';
import { basePath } from '../bearer.ts';
import { classifyGraphPost } from '../meta/classify.ts';
import type { PostOrder, PreparedPost } from '../platform.ts';
import { credentials } from './proof.ts';

/** What stands before every path at the configured address: the version, and '' or a path before it. */
export function versionPath(config: FacebookConfig): string {
  return `${basePath(config.apiUrl)}/${config.version}`;
}

/** Puts POST /{page}/feed together: developers.facebook.com/docs/pages-api/posts. There is no key against a second post. */
export function createPrepare(sender: Sender, config: FacebookConfig) {
  const base = versionPath(config);
  const urlOf = (id: string): string => `${config.postUrl}/${id}`;
  return (order: PostOrder): PreparedPost => {
    const { accessToken } = order.grant;
    const form = { message: order.text, ...credentials(config, accessToken) };
    const request: PreparedRequest = {
      method: 'POST',
      path: `${base}/${order.account.id}/feed`,
      headers: [
        ...['accept', 'application/json'],
        ...['accept-encoding', 'identity'],
        ...['content-type', 'application/x-www-form-urlencoded'],
        ...['user-agent', USER_AGENT],
      ],
      body: new URLSearchParams(form).toString(),
    };
    return async (told) => {
      const result = await sender.send(request);
      reportNetworkTime(result, told);
      return classifyGraphPost(result, new Date(), urlOf, 'page_gone');
    };
  };
}
