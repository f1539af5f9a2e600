import type { HttpClient, HttpResponse } from '../../outbound/http-client.ts';
import type { Guard } from '../../outbound/ssrf-guard.ts';
import { isFields, objectIn, readObject, textAt } from './reading.ts';

interface OtherNameParts {
  http: HttpClient;
  guard: Guard;
  /** Only the operator's own hosts may be asked. */
  onlyOurs: boolean;
  /** Rejects where there is no server of this API. */
  serverAt: (origin: string) => Promise<unknown>;
}

/** A server that has moved may point to one that has moved as well. */
const MAX_HOPS = 2;

/**
 * The name at which the server of a domain is, where people are known by the domain alone: what answers there redirects to it, or
 * the domain's host-meta (RFC 6415) or webfinger (RFC 7033) names it. `user`: the name before the domain's, where it was told. Only
 * public hosts are asked, and what is found is told to the person and not used without them. Null where there is none.
 */
export async function findOtherName(
  parts: OtherNameParts,
  origin: string,
  user: string,
): Promise<string | null> {
  let from = origin;
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    const next = await nextOrigin(parts, from, user);
    if (next === null) return null;
    if (await isServer(parts, next)) return new URL(next).host;
    from = next;
  }
  return null;
}

async function isServer({ serverAt }: OtherNameParts, origin: string): Promise<boolean> {
  return serverAt(origin).then(
    () => true,
    () => false,
  );
}

/** Where the first of these points that points to another host that may be asked. */
async function nextOrigin(
  parts: OtherNameParts,
  from: string,
  user: string,
): Promise<string | null> {
  const { host } = new URL(from);
  const resource = new URLSearchParams({ resource: `acct:${user}@${host}` });
  const asks: (readonly [path: string, read: (response: HttpResponse) => string])[] = [
    ['/api/v2/instance', () => ''],
    ['/.well-known/host-meta', templateIn],
    ...(user === '' ? [] : [[`/.well-known/webfinger?${resource}`, accountIn] as const]),
  ];
  for (const [path, read] of asks) {
    const url = from + path;
    const response = await parts.http.request({ method: 'GET', url }).catch(() => null);
    if (!response) continue;
    const origin = guarded(parts, redirectOf(response, url) || read(response));
    if (origin !== null && origin !== from) return origin;
  }
  return null;
}

function redirectOf({ status, headers }: HttpResponse, url: string): string {
  const { location = '' } = headers;
  const isRedirect = [301, 302, 303, 307, 308].includes(status) && URL.canParse(location, url);
  return isRedirect ? new URL(location, url).href : '';
}

/** The origin of an address whose host may be asked; null for all others. */
function guarded({ guard, onlyOurs }: OtherNameParts, address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, host } = new URL(address);
  if (protocol !== 'https:' && protocol !== 'http:') return null;
  if (onlyOurs && !guard.isOurs(host)) return null;
  try {
    return guard.origin(host);
  } catch {
    return null;
  }
}

/** Of a host-meta, as XRD or JSON: where accounts are looked up. */
function templateIn({ status, body }: HttpResponse): string {
  if (status !== 200) return '';
  const links = readObject(body)?.links;
  const named = (Array.isArray(links) ? links : []).find((link) => textAt(link, 'rel') === 'lrdd');
  if (named) return textAt(named, 'template');
  const [link = ''] = /<Link\b[^>]{0,1000}\brel=["']lrdd["'][^>]{0,1000}>/.exec(body) ?? [];
  return /\btemplate=["']([^"']{1,1000})["']/.exec(link)?.[1] ?? '';
}

/** Of an answer of webfinger: the account itself. */
function accountIn(response: HttpResponse): string {
  const links = objectIn(response)?.links;
  const all = (Array.isArray(links) ? links : []).filter(isFields);
  const self = all.find(
    (link) => link.rel === 'self' && /activity|ld\+json/.test(textAt(link, 'type')),
  );
  return textAt(self, 'href');
}
