import type { ApiPath } from './behaviour.ts';

/**
 * One post that the platform took. `at_us` is the arrival of its request, in microseconds since 1970; `answered_us` when its
 * answer left, absent until then and where nothing was answered.
 */
export interface Post {
  account: string;
  handle: string;
  id: string;
  text: string;
  /** The content warning that stands before the text, where the platform has such a thing and the post has one. */
  spoiler_text?: string;
  at_us: number;
  answered_us?: number;
  /** What the client called it, where the platform takes a key from clients. */
  key?: string;
}

/**
 * What is the matter with an account that is neither suspended nor locked, on Mastodon: it has moved to another one, its owner has
 * died, moderators hide it or have not approved it, or it has to accept new terms.
 */
export const STANDINGS = ['good', 'moved', 'memorial', 'limited', 'pending', 'terms'] as const;
export type Standing = (typeof STANDINGS)[number];

/** One person's account on the simulated platform. */
export interface SimulatedAccount {
  readonly id: string;
  readonly handle: string;
  readonly followers: number;
  suspended: boolean;
  locked: boolean;
  standing: Standing;
  /** Its owner has ended it; a network that does not know of that takes it as it was. */
  deleted: boolean;
  /** Requests seen so far, by path: the "nth" of every draw of chance. */
  readonly asked: Map<ApiPath, number>;
  /** Oldest first. */
  readonly posts: Post[];
  readonly texts: Set<string>;
}

export interface NewAccount {
  handle: string;
  /** How many follow it; made up where it is left out. */
  followers?: number;
  suspended?: boolean;
  locked?: boolean;
  standing?: Standing;
}

/** X's own rule for a handle: letters, digits and underscore, 1 to 15 of them. */
export const HANDLE_PATTERN = '^[A-Za-z0-9_]{1,15}$';
const HANDLE = new RegExp(HANDLE_PATTERN);

export function isSimulatedHandle(text: string): boolean {
  return HANDLE.test(text);
}

/** Most people have few followers, and a few have many. */
const FOLLOWERS = [130, 42, 390, 15, 87, 1_240, 210, 64, 8, 5_600];

export type Accounts = ReturnType<typeof createAccounts>;

/**
 * Every account of the platform. Handles are compared without regard to case, as X does. `idOf`: the platform's own form of
 * an id, for the nth account, from 1.
 */
export function createAccounts(idOf: (nth: number, handle: string) => string) {
  const byId = new Map<string, SimulatedAccount>();
  const byHandle = new Map<string, SimulatedAccount>();

  function create(wanted: NewAccount): SimulatedAccount {
    const account: SimulatedAccount = {
      id: idOf(byId.size + 1, wanted.handle),
      handle: wanted.handle,
      followers: wanted.followers ?? FOLLOWERS[byId.size % FOLLOWERS.length] ?? 0,
      suspended: wanted.suspended ?? false,
      locked: wanted.locked ?? false,
      standing: wanted.standing ?? 'good',
      deleted: false,
      asked: new Map(),
      posts: [],
      texts: new Set(),
    };
    byId.set(account.id, account);
    byHandle.set(account.handle.toLowerCase(), account);
    return account;
  }

  function find(idOrHandle: string): SimulatedAccount | undefined {
    return byHandle.get(idOrHandle.replace(/^@/, '').toLowerCase()) ?? byId.get(idOrHandle);
  }

  return {
    create,
    find,
    byId: (id: string) => byId.get(id),
    all: () => [...byId.values()],
    first: (count: number) => [...take(byId.values(), count)],
    size: () => byId.size,
    clear() {
      byId.clear();
      byHandle.clear();
    },
  };
}

function* take<T>(values: Iterable<T>, count: number): Generator<T> {
  let taken = 0;
  for (const value of values) {
    if (taken++ >= count) return;
    yield value;
  }
}
