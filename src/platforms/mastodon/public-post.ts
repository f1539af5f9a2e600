import { LocatorRejected } from '../../domain/account-locator.ts';
import type { PublicPost } from '../../domain/public-post.ts';
import type { HttpClient } from '../../outbound/http-client.ts';
import type { Guard } from '../../outbound/ssrf-guard.ts';
import { objectIn, textAt } from './reading.ts';
import { toLocatorRejected } from './server.ts';

/** Of Mastodon (/@me/1, /users/me/statuses/1), GoToSocial (/@me/statuses/ID) and Pleroma (/notice/ID): the last part is its id. */
const POST = /^\/(?:@[^/]+(?:\/statuses)?|users\/[^/]+\/statuses|notice)\/([\w-]{1,64})\/?$/;

/**
 * A post by its address, as its server shows it to anybody: docs.joinmastodon.org/methods/statuses/#get. Null where there is none
 * such, or it is not shown without a login. @throws LocatorRejected where there is no such server.
 */
export async function readPublicPost(
  { http, guard }: { http: HttpClient; guard: Guard },
  address: URL,
): Promise<PublicPost | null> {
  const id = POST.exec(address.pathname)?.[1];
  if (id === undefined) return null;
  const origin = guard.origin(address.host);
  try {
    const response = await http.request({ method: 'GET', url: `${origin}/api/v1/statuses/${id}` });
    const status = objectIn(response);
    if (status) return readStatus(status);
    // Closed to those without a login, or there is no such post; a page of something else is no such server.
    if (/json/.test(response.headers['content-type'] ?? '')) return null;
    throw new LocatorRejected('not_one', `status: ${response.status}`);
  } catch (error) {
    throw toLocatorRejected(error);
  }
}

function readStatus(status: Readonly<Record<string, unknown>>): PublicPost | null {
  const at = new Date(textAt(status, 'created_at'));
  const visibility = textAt(status, 'visibility');
  if (Number.isNaN(at.getTime()) || !['public', 'unlisted'].includes(visibility)) return null;
  const html = textAt(status, 'content');
  const links = [...html.matchAll(/\bhref="([^"]*)"/g)].map(([, href = '']) => plain(href));
  return { at, text: plain(html.replace(/<[^>]*>/g, '')), links };
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#39': "'" },
};

function plain(html: string): string {
  return html.replace(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
