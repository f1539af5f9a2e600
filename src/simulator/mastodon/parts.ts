import type { Post } from '../accounts.ts';
import type { World } from '../platform.ts';
import type { Windows } from '../x/limits.ts';
import type { Grants } from './grants.ts';

/** What the routes share. */
export interface Parts {
  world: World;
  grants: Grants;
  windows: Windows;
  keys: Map<string, KeptKey>;
  /** Of posts that are not in everybody's sight, or say in which language they are. */
  facts: WeakMap<Post, PostFacts>;
}

export interface PostFacts {
  visibility: string;
  language: string | null;
}

/** What became of a request with an Idempotency-Key. */
export interface KeptKey {
  post: Post;
  atMs: number;
}
