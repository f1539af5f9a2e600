import type { NostrConfig } from '../../../config/platforms.ts';
import type { PostOrder, Reconciled } from '../platform.ts';
import { eventUrl, parseEvent } from './event.ts';
import type { Relays } from './relays.ts';

/**
 * Asks every relay for the event by its id, which is its hash, so that nothing else can be taken for it. One relay that has it
 * is enough; it is absent when those that lack it leave too few for the quorum.
 */
export async function reconcilePost(
  relays: Relays,
  config: NostrConfig,
  order: PostOrder,
): Promise<Reconciled> {
  const event = parseEvent(order.grant.accessToken);
  if (!event) return { kind: 'unreadable', detail: 'the event is not readable' };
  const answers = await relays.holds(event.id);
  if (answers.includes('held')) {
    return {
      kind: 'found',
      id: event.id,
      url: eventUrl(config.postUrl, event.id, config.relays),
    };
  }
  const missing = answers.filter((held) => held === 'missing').length;
  return answers.length - missing < relays.quorum
    ? { kind: 'absent' }
    : { kind: 'undecided', detail: `relays asked ${missing} of ${answers.length}` };
}
