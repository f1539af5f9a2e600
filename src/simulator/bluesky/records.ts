import type { Post, SimulatedAccount } from '../accounts.ts';
import type { Incoming, SimulatedResponse, World } from '../platform.ts';
import { failed, JSON_TYPE, json, xrpcError } from './answers.ts';
import { findAccountByName, makeCid } from './names.ts';
import { textProblem } from './text.ts';

export const POST = 'app.bsky.feed.post';
/** atproto.com/specs/tid. */
const TID = /^[234567a-j][234567a-z]{12}$/;
const DATETIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,20})?(Z|[+-]\d\d:\d\d)$/;

interface Stored {
  post: Post;
  cid: string;
  value: unknown;
}

export type PostRecords = ReturnType<typeof createPostRecords>;

/** The records of all accounts, and the two methods that make and read them. */
export function createPostRecords(world: World) {
  const byUri = new Map<string, Stored>();

  return {
    /** com.atproto.repo.createRecord, for an account that may. A key that is taken is a 500, as on the PDS. */
    create(
      account: SimulatedAccount,
      wanted: Wanted,
      request: Incoming,
      headers: string,
    ): SimulatedResponse {
      const { rkey, record } = wanted;
      const wrong = (message: string) => xrpcError(400, 'InvalidRequest', message, headers);
      if (!TID.test(rkey)) return wrong('Invalid record key: not a valid TID');
      const problem = recordProblem(record);
      if (problem) return wrong(`Invalid ${POST} record: ${problem}`);
      const uri = `at://${account.id}/${POST}/${rkey}`;
      if (byUri.has(uri) && world.behaviour.refuseDuplicates) return failed(headers);
      const text = String(record.text);
      const { handle, id } = account;
      const post: Post = { account: id, handle, id: uri, text, at_us: request.atUs };
      const cid = makeCid(JSON.stringify(record));
      byUri.set(uri, { post, cid, value: record });
      account.posts.push(post);
      const body = JSON.stringify({ uri, cid, validationStatus: 'valid' });
      return { status: 200, headers: JSON_TYPE + headers, body, post };
    },
    /** com.atproto.repo.getRecord, for anybody. */
    read({ query }: Incoming, headers: string): SimulatedResponse {
      const given = new URLSearchParams(query);
      const repo = given.get('repo') ?? '';
      const owner = findAccountByName(world.accounts, repo);
      if (!owner) return xrpcError(400, 'InvalidRequest', `Could not find repo: ${repo}`, headers);
      const uri = `at://${owner.id}/${given.get('collection')}/${given.get('rkey')}`;
      const found = byUri.get(uri);
      if (!found)
        return xrpcError(400, 'RecordNotFound', `Could not locate record: ${uri}`, headers);
      return json(200, { uri, cid: found.cid, value: found.value }, headers);
    },
    post: (uri: string): Post | undefined => byUri.get(uri)?.post,
    clear: () => byUri.clear(),
  };
}

/** What createRecord is asked for. */
export interface Wanted {
  repo: string;
  collection: string;
  rkey: string;
  record: Record<string, unknown>;
}

/** Undefined when the body is none. */
export function readWanted(body: string): Wanted | undefined {
  try {
    const { repo, collection, rkey, record } = JSON.parse(body);
    const words = [repo, collection, rkey].every((word) => typeof word === 'string');
    return words && typeof record === 'object' && record !== null
      ? { repo, collection, rkey, record }
      : undefined;
  } catch {
    return undefined;
  }
}

/** lexicons/app/bsky/feed/post.json. */
function recordProblem({ $type, text, createdAt, langs, facets }: Wanted['record']) {
  if ($type !== POST) return '$type must be the collection';
  if (typeof text !== 'string') return 'text must be a string';
  const problem = textProblem(text);
  if (problem) return problem;
  if (typeof createdAt !== 'string' || !DATETIME.test(createdAt)) return 'createdAt is no datetime';
  if (langs !== undefined && (!Array.isArray(langs) || langs.length > 3)) return 'langs too big';
  if (facets === undefined) return undefined;
  if (!Array.isArray(facets)) return 'facets must be an array';
  return facets.every((facet) => isFacet(facet, Buffer.byteLength(text)))
    ? undefined
    : 'facets out of the text';
}

function isFacet(facet: unknown, bytes: number): boolean {
  const { index, features } = (facet ?? {}) as Record<string, unknown>;
  const { byteStart, byteEnd } = (index ?? {}) as Record<string, unknown>;
  if (!Number.isInteger(byteStart) || !Number.isInteger(byteEnd)) return false;
  const isInside = Number(byteStart) >= 0 && Number(byteEnd) <= bytes;
  return isInside && Number(byteStart) < Number(byteEnd) && Array.isArray(features);
}
