import { createHash } from 'node:crypto';
import { type EventTemplate, finalizeEvent, getPublicKey, type NostrEvent } from 'nostr-tools/pure';

/** The key of a simulated person: derived from the handle, so that tests can sign for it. */
export function keyOf(handle: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(`tocsin simulator ${handle}`).digest());
}

/** The account's id on Nostr: 64 hexadecimal digits. */
export function pubkeyOf(handle: string): string {
  return getPublicKey(keyOf(handle));
}

/** What a person's signer does with an unsigned event: adds the author, the id and the signature. */
export function signAs(handle: string, unsigned: EventTemplate): NostrEvent {
  const { kind, created_at, tags, content } = unsigned;
  const { id, pubkey, sig } = finalizeEvent({ kind, created_at, tags, content }, keyOf(handle));
  return { id, pubkey, created_at, kind, tags, content, sig };
}
