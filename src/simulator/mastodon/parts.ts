import type { Post } from '../accounts.ts';
import type { World } from '../platform.ts';
import type { Windows } from '../x/limits.ts';
import type { Grants } from './grants.ts';

/** What the routes share. */
export interface MastodonDeps {
  world: World;
  grants: Grants;
  windows: Windows;
  keys: Map<string, KeptKey>;
  /** What is known of a post beside its text. */
  facts: WeakMap<Post, PostFacts>;
}

export interface PostFacts {
  visibility: string;
  language: string | null;
  /** Who may quote it, as was asked; null: whom the account lets. */
  quotes: string | null;
  /** How it is shown, where it was read as more than text. */
  html: string | null;
}

/** What became of a request with an Idempotency-Key. */
export interface KeptKey {
  post: Post;
  atMs: number;
}
