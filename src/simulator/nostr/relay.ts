import { type NostrEvent, validateEvent, verifyEvent } from 'nostr-tools/pure';
import type { Post, SimulatedAccount } from '../accounts.ts';
import type { World } from '../platform.ts';
import { createWindows, take } from '../x/limits.ts';
import { DUPLICATE, refusal, TAKEN, type Verdict } from './answers.ts';
import { type NostrBehaviour, WANTED_WORK } from './behaviour.ts';

/** 256 KiB: the most that the text of an event may have here. */
const MAX_CONTENT = 256 * 1024;

export type RelayStore = ReturnType<typeof createRelayStore>;

/** What the relays of this site hold, each by its path, and what they think of an event. */
export function createRelayStore(world: World) {
  const byRelay = new Map<string, Map<string, NostrEvent>>();
  const windows = createWindows(world);
  /** Events whose signature is right, whole: looking costs a millisecond, and several relays get the same ones. */
  const proven = new Set<string>();
  const isProven = (event: NostrEvent): boolean => {
    const whole = JSON.stringify(event);
    if (!proven.has(whole) && !verifyEvent({ ...event })) return false;
    proven.add(whole);
    return true;
  };
  /** The first acceptance of an event at any relay is the post. */
  const posted = new Set<string>();

  function of(relay: string): Map<string, NostrEvent> {
    const known = byRelay.get(relay) ?? new Map<string, NostrEvent>();
    byRelay.set(relay, known);
    return known;
  }

  return {
    /** The account that signed it: any key is accepted. Undefined for what is no event. */
    authorOf(event: unknown): SimulatedAccount | undefined {
      if (!isEvent(event)) return undefined;
      return world.accounts.byId(event.pubkey) ?? world.accounts.create({ handle: event.pubkey });
    },
    take(relay: string, event: unknown, atUs: number): { verdict: Verdict; post?: Post } {
      if (!isEvent(event)) return { verdict: refusal('invalid', 'this is no event', 400) };
      const account = world.accounts.byId(event.pubkey);
      const known = of(relay);
      const nowMs = atUs / 1_000;
      if (account?.suspended || account?.locked) {
        return { verdict: refusal('blocked', 'this author is banned here', 403) };
      }
      if (known.has(event.id) && world.behaviour.refuseDuplicates) return { verdict: DUPLICATE };
      const unmet = unmetDemand(event, demandOf(world.behaviour.nostr, relay));
      if (unmet) return { verdict: unmet };
      const wrong = isProven(event)
        ? wrongWith(event, nowMs, world.behaviour.nostr)
        : refusal('invalid', 'bad signature or id', 400);
      if (wrong) return { verdict: wrong };
      if (!take(windows.current('eventsPerAuthor', `${relay} ${event.pubkey}`, nowMs))) {
        return { verdict: refusal('rate-limited', 'slow down there chief', 429) };
      }
      known.set(event.id, event);
      if (posted.has(event.id)) return { verdict: TAKEN };
      posted.add(event.id);
      const post: Post = {
        account: event.pubkey,
        handle: account?.handle ?? event.pubkey,
        id: event.id,
        text: event.content,
        at_us: atUs,
      };
      account?.posts.push(post);
      return { verdict: TAKEN, post };
    },
    find: (relay: string, ids: readonly string[]): NostrEvent[] =>
      ids.flatMap((id) => of(relay).get(id) ?? []),
    clear() {
      byRelay.clear();
      windows.clear();
      posted.clear();
      proven.clear();
    },
  };
}

function isEvent(value: unknown): value is NostrEvent {
  const event = value as Partial<NostrEvent> | null;
  return validateEvent(value) && typeof event?.id === 'string' && typeof event.sig === 'string';
}

/** An event from the future is refused to the second, so that a send before its moment shows. */
function wrongWith(
  event: NostrEvent,
  trueMs: number,
  { clockOffsetSeconds, oldestSeconds }: NostrBehaviour,
): Verdict | undefined {
  const now = trueMs / 1_000 + clockOffsetSeconds;
  // The words of NIP-01's own example, and those of strfry, which says "early" of what is old.
  if (event.created_at > now) {
    return refusal('invalid', 'event creation date is too far off from the current time', 400);
  }
  if (event.created_at < now - oldestSeconds) {
    return refusal('invalid', 'created_at too early', 400);
  }
  return isTooLong(event.content) ? refusal('invalid', 'the text is too long', 400) : undefined;
}

/** Whether a text is longer than a relay takes that has its own limit (NIP-11, `max_content_length`). */
export function isTooLong(content: string): boolean {
  return Buffer.byteLength(content) > MAX_CONTENT;
}

/** What the relay at this path wants of everybody. */
function demandOf({ demand, demandAt }: NostrBehaviour, relay: string): NostrBehaviour['demand'] {
  return demandAt.length === 0 || demandAt.includes(relay) ? demand : 'none';
}

/** NIP-01, NIP-13 and NIP-42 have the words. Payment and authentication are not simulated. */
function unmetDemand({ id }: NostrEvent, demand: NostrBehaviour['demand']): Verdict | undefined {
  switch (demand) {
    case 'none':
      return undefined;
    case 'auth_required':
      return refusal('auth-required', 'this relay takes events from those it knows', 401);
    case 'payment_required':
      return refusal('restricted', 'this relay takes events from those who pay', 402);
    case 'restricted_writes':
      return refusal('restricted', 'this relay takes events from its members', 403);
    case 'min_pow_difficulty':
      return leadingZeros(id) < WANTED_WORK
        ? refusal('pow', `${leadingZeros(id)} bits are fewer than ${WANTED_WORK}`, 400)
        : undefined;
  }
}

function leadingZeros(id: string): number {
  const digits = /^0*/.exec(id)?.[0].length ?? 0;
  const next = Number.parseInt(id[digits] ?? '8', 16);
  return 4 * digits + (Math.clz32(next) - 28);
}

/** NIP-11: what the relay at this path tells of itself. */
export function informationOf(behaviour: NostrBehaviour, relay: string): object {
  const demand = demandOf(behaviour, relay);
  return {
    name: 'Tocsin simulator',
    description: 'A stand-in for a Nostr relay. Nothing is published anywhere.',
    supported_nips: [1, 11],
    software: 'tocsin',
    limitation: {
      max_message_length: 512 * 1024,
      max_content_length: MAX_CONTENT,
      created_at_upper_limit: 0,
      auth_required: demand === 'auth_required',
      payment_required: demand === 'payment_required',
      restricted_writes: demand === 'payment_required' || demand === 'restricted_writes',
      min_pow_difficulty: demand === 'min_pow_difficulty' ? WANTED_WORK : 0,
    },
  };
}
