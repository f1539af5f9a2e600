import type { PublicPost } from '../../domain/public-post.ts';
import type { HttpClient } from '../../outbound/http-client.ts';
import { type Identities, toLocatorRejected } from './identities.ts';
import { parseObject } from './json.ts';
import { COLLECTION } from './record.ts';

const POST = /^\/profile\/([\w.:%-]{1,300})\/post\/([\w.~-]{1,64})\/?$/;

/**
 * A post by the address of its page, as the server of its account shows it to anybody: com.atproto.repo.getRecord. Null where
 * there is none such. @throws LocatorRejected where there is no such account, or its server cannot be asked.
 */
export async function readPublicPost(
  { http, identities }: { http: HttpClient; identities: Identities },
  address: URL,
): Promise<PublicPost | null> {
  const [, named = '', rkey = ''] = POST.exec(address.pathname) ?? [];
  if (rkey === '') return null;
  const who = decodeURIComponent(named);
  const { did, pds } = await (who.startsWith('did:')
    ? identities.ofDid(who)
    : identities.named(who));
  const query = new URLSearchParams({ repo: did, collection: COLLECTION, rkey });
  try {
    const url = `${pds}/xrpc/com.atproto.repo.getRecord?${query}`;
    const { status, body } = await http.request({ method: 'GET', url });
    const record = status === 200 ? parseObject(body)?.value : null;
    return readRecord(record);
  } catch (error) {
    throw toLocatorRejected(error);
  }
}

interface Record {
  text?: unknown;
  createdAt?: unknown;
  facets?: unknown;
  embed?: { external?: { uri?: unknown } };
}

function readRecord(value: unknown): PublicPost | null {
  if (typeof value !== 'object' || value === null) return null;
  const { text, createdAt, facets, embed } = value as Record;
  const at = new Date(String(createdAt));
  if (typeof text !== 'string' || Number.isNaN(at.getTime())) return null;
  const inText = (Array.isArray(facets) ? facets : []).flatMap(
    (facet) => (facet as { features?: { uri?: unknown }[] } | null)?.features ?? [],
  );
  const links = [embed?.external?.uri, ...inText.map((feature) => feature?.uri)];
  return { at, text, links: links.filter((link) => typeof link === 'string') };
}
