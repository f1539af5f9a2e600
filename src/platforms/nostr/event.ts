import { neventEncode, npubEncode } from 'nostr-tools/nip19';
import { type EventTemplate, type NostrEvent, verifyEvent } from 'nostr-tools/pure';
import { hashtagsIn } from '../../domain/text/hashtags.ts';
import type { Account, SignProblem } from '../platform.ts';
import { holdsPrivateKey, parsePasted } from './pasted.ts';

/** A short text note, NIP-01 and NIP-10. */
const NOTE = 1;

/**
 * What the supporter is asked to sign: the text and the moment, to the second, and its hashtags in lower case (NIP-24). Relays
 * and readers show it at `created_at`, and nothing in it can be changed without the key.
 */
export function createTemplate(text: string, moment: Date): EventTemplate {
  const tags = hashtagsIn(text).map(({ tag }) => tag.toLowerCase());
  return {
    kind: NOTE,
    created_at: Math.floor(moment.getTime() / 1000),
    tags: [...new Set(tags)].map((tag) => ['t', tag]),
    content: text,
  };
}

/**
 * A signed event, when it is that of the template to the byte, its id is its hash (NIP-01) and its signature its author's.
 * Fields that do not belong to an event are left out, and so are wrappings around it. Else why it is not what was asked for.
 */
export function readSigned(pasted: string, template: EventTemplate): NostrEvent | SignProblem {
  const event = readPasted(pasted, template);
  return typeof event === 'string' && holdsPrivateKey(pasted) ? 'private_key' : event;
}

function readPasted(pasted: string, template: EventTemplate): NostrEvent | SignProblem {
  const parsed = parsePasted(pasted);
  if (typeof parsed === 'string') return parsed;
  const event = eventIn(withLowerHex(parsed.value));
  if (!event) return isUnsigned(parsed.value) ? 'unsigned' : 'no_event';
  if (event.content !== template.content) return 'other_text';
  if (JSON.stringify(event.tags) !== JSON.stringify(template.tags)) return 'other_tags';
  if (event.kind !== template.kind || event.created_at !== template.created_at) return 'other_time';
  return verifyEvent({ ...event }) ? event : 'bad_signature';
}

/** Hex is lower case in NIP-01; some tools print it in capitals. */
function withLowerHex(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const lower = (hex: unknown) => (typeof hex === 'string' ? hex.toLowerCase() : hex);
  const { id, pubkey, sig } = value as Record<string, unknown>;
  return { ...value, id: lower(id), pubkey: lower(pubkey), sig: lower(sig) };
}

/** An event, or what is to become one, that bears no signature. */
function isUnsigned(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { content, kind, sig = '' } = value as Record<string, unknown>;
  return typeof content === 'string' && typeof kind === 'number' && sig === '';
}

/** An event as it is kept in a grant; null when it is none. Its signature is not looked at again. */
export function parseEvent(accessToken: string): NostrEvent | null {
  try {
    return eventIn(JSON.parse(accessToken));
  } catch {
    return null;
  }
}

const HEX_64 = /^[0-9a-f]{64}$/;
const HEX_128 = /^[0-9a-f]{128}$/;

function eventIn(value: unknown): NostrEvent | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id, pubkey, created_at, kind, tags, content, sig } = value as Record<string, unknown>;
  const isOne =
    isHex(id, HEX_64) &&
    isHex(pubkey, HEX_64) &&
    isHex(sig, HEX_128) &&
    Number.isSafeInteger(created_at) &&
    Number.isSafeInteger(kind) &&
    isTags(tags) &&
    typeof content === 'string';
  return isOne ? ({ id, pubkey, created_at, kind, tags, content, sig } as NostrEvent) : null;
}

function isHex(value: unknown, form: RegExp): boolean {
  return typeof value === 'string' && form.test(value);
}

function isTags(value: unknown): boolean {
  const isTag = (tag: unknown) =>
    Array.isArray(tag) && (tag as unknown[]).every((part) => typeof part === 'string');
  return Array.isArray(value) && (value as unknown[]).every(isTag);
}

/** The author: the key itself, and for people its NIP-19 form, shortened. Names live in events that anybody can change. */
export function toAccount({ pubkey }: NostrEvent): Account {
  const npub = npubEncode(pubkey);
  return { id: pubkey, handle: `${npub.slice(0, 12)}…${npub.slice(-6)}` };
}

/** How many relays a link names: enough to find the post, few enough to be a link. */
const MAX_HINTS = 2;

/** A page that shows the post, with the relays where it is (NIP-19, nevent). */
export function eventUrl(postUrl: string, id: string, relays: readonly string[]): string {
  return `${postUrl}/${neventEncode({ id, relays: relays.slice(0, MAX_HINTS) })}`;
}
