import type { Post, SimulatedAccount } from '../accounts.ts';
import type { World } from '../platform.ts';

/** A page with an owner. Its posts are apart from those of their other pages. */
export interface FacebookPage {
  id: string;
  name: string;
  owner: SimulatedAccount;
  posts: Post[];
  /** It is under a business portfolio, so /me/accounts does not list it. */
  portfolio?: Portfolio;
}

/** A business portfolio that its owner belongs to. Pages are its own, or a client's that it looks after. */
export interface Portfolio {
  id: string;
  name: string;
  edge: 'owned_pages' | 'client_pages';
  /** It does not show its pages. */
  refuses: boolean;
}

/** A person with this name has several pages. */
const EDITOR = /^editor/i;
/** Their one page is a portfolio's own. */
const PORTFOLIO = /^portfolio/i;
/** They have three portfolios: one of them owns a page, one shows nothing, and one looks after a client's page. */
const AGENCY = /^agency/i;

export type Pages = ReturnType<typeof createPages>;

/**
 * Everybody's pages: one each, and three for a handle that begins with `editor`. The id of an account of this simulator is that
 * of its first page, since posts are a page's; the person behind it has one of their own.
 */
export function createPages(world: World) {
  const owned = new Map<string, FacebookPage[]>();
  const byId = new Map<string, FacebookPage>();
  const of = (owner: SimulatedAccount): FacebookPage[] => {
    const known = owned.get(owner.id);
    if (known) return known;
    const { id, handle } = owner;
    const pages: FacebookPage[] = [{ id, name: handle, owner, posts: owner.posts }];
    for (const nth of EDITOR.test(handle) || AGENCY.test(handle) ? [2, 3] : []) {
      pages.push({ id: `${id}${nth}`, name: `${handle} ${nth}`, owner, posts: [] });
    }
    const held = portfoliosOf(owner);
    for (const [nth, page] of pages.entries()) {
      const portfolio = held[nth];
      if (portfolio) page.portfolio = portfolio;
    }
    owned.set(id, pages);
    for (const page of pages) byId.set(page.id, page);
    return pages;
  };
  return {
    of,
    find(id: string): FacebookPage | undefined {
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

function portfoliosOf({ id, handle }: SimulatedAccount): Portfolio[] {
  const portfolio = (nth: number, edge: Portfolio['edge'], refuses = false): Portfolio => {
    return { id: `8${id}${nth}`, name: `Portfolio ${nth} of ${handle}`, edge, refuses };
  };
  if (PORTFOLIO.test(handle)) return [portfolio(1, 'owned_pages')];
  if (!AGENCY.test(handle)) return [];
  return [
    portfolio(1, 'owned_pages'),
    portfolio(2, 'owned_pages', true),
    portfolio(3, 'client_pages'),
  ];
}

/** The person behind an account. */
export function userId({ id }: SimulatedAccount): string {
  return `9${id}`;
}
