import type { Account, Post } from '../accounts.ts';
import type { World } from '../platform.ts';

/** A page that somebody owns. Its posts are apart from those of their other pages. */
export interface Page {
  id: string;
  name: string;
  owner: Account;
  posts: Post[];
}

/** Whoever is called so has several pages. */
const EDITOR = /^editor/i;

export type Pages = ReturnType<typeof createPages>;

/**
 * Everybody's pages: one each, and three for a handle that begins with `editor`. The id of an account of this simulator is that
 * of its first page, since posts are a page's; the person behind it has one of their own.
 */
export function createPages(world: World) {
  const owned = new Map<string, Page[]>();
  const byId = new Map<string, Page>();
  const of = (owner: Account): Page[] => {
    const known = owned.get(owner.id);
    if (known) return known;
    const { id, handle } = owner;
    const pages: Page[] = [{ id, name: handle, owner, posts: owner.posts }];
    for (const nth of EDITOR.test(handle) ? [2, 3] : []) {
      pages.push({ id: `${id}${nth}`, name: `${handle} ${nth}`, owner, posts: [] });
    }
    owned.set(id, pages);
    for (const page of pages) byId.set(page.id, page);
    return pages;
  };
  return {
    of,
    find(id: string): Page | undefined {
      const owner = world.accounts.byId(id);
      if (owner) of(owner);
      return byId.get(id);
    },
    findPost: (id: string): Post | undefined => {
      for (const account of world.accounts.all()) of(account);
      return byId.get(id.split('_')[0] ?? '')?.posts.find((post) => post.id === id);
    },
    clear() {
      owned.clear();
      byId.clear();
    },
  };
}

/** The person behind an account. */
export function userId({ id }: Account): string {
  return `9${id}`;
}
