import type { RefusalReason } from '../../domain/outcome.ts';
import { AccountUnfit } from '../platform.ts';
import type { Demand, Information } from './information.ts';

/** Before it is signed an event has no id, and so no work in it; signers do none. */
const UNSIGNED = 'f'.repeat(64);

/** The relays want this of everybody. What has to be paid for or asked for is named first: then other relays may help. */
const REASONS: readonly (readonly [Demand, RefusalReason])[] = [
  ['payment_required', 'relay_members_only'],
  ['restricted_writes', 'relay_members_only'],
  ['auth_required', 'app_problem'],
  ['min_pow_difficulty', 'app_problem'],
  ['max_content_length', 'text_invalid'],
];

/**
 * Refuses a text before it is signed where every relay says in its information document (NIP-11) that it would not take it. One that
 * says nothing, or cannot be read, counts as open. @throws AccountUnfit
 */
export async function refuseIfClosed(
  information: Information,
  relays: readonly string[],
  content: string,
): Promise<void> {
  const event = { id: UNSIGNED, content };
  const demands = await Promise.all(relays.map((relay) => information.demandOf(relay, event)));
  if (demands.includes(null)) return;
  const [, reason = 'app_problem'] = REASONS.find(([demand]) => demands.includes(demand)) ?? [];
  throw new AccountUnfit(reason, null);
}

/** Whether some relay takes a short text of anybody, by the information documents as they were last read; true until they are. */
export function createTakesPosts(
  information: Information,
  relays: readonly string[],
): () => boolean {
  let isOpen = true;
  let reading = false;
  const read = async (): Promise<void> => {
    reading = true;
    const event = { id: UNSIGNED, content: '' };
    const demands = await Promise.all(relays.map((relay) => information.demandOf(relay, event)));
    isOpen = demands.includes(null);
    reading = false;
  };
  return () => {
    if (!reading) void read();
    return isOpen;
  };
}
