import type { NostrConfig } from '../../../config/platforms.ts';
import type { PostOrder, PreparedPost } from '../platform.ts';
import { classify } from './classify.ts';
import { eventUrl, parseEvent } from './event.ts';
import type { Relays } from './relays.ts';

/**
 * The event is ready since its author signed it: it only goes out. It is held back when it is not this post: another text, or
 * a time before which no relay takes it.
 */
export function createPrepare(relays: Relays, config: NostrConfig) {
  return ({ grant, text, moment }: PostOrder): PreparedPost => {
    const event = parseEvent(grant.accessToken);
    if (!event) return async () => ({ kind: 'reconnect', detail: 'the event is not readable' });
    if (event.content !== text || event.created_at !== Math.floor(moment.getTime() / 1000)) {
      const reason = 'consent_mismatch';
      return async () => ({ kind: 'refused', reason, detail: 'another text or moment was signed' });
    }
    const { id } = event;
    const frame = JSON.stringify(['EVENT', event]);
    const url = eventUrl(config.postUrl, id, config.relays);
    const post = { id, url, createdAt: new Date(event.created_at * 1_000) };
    return async () => classify(await relays.publish(id, frame), relays.quorum, post, new Date());
  };
}
