/** The states of a delivery; drawn in STATES.md. `posted`, `refused`, `dropped` and `withdrawn` are final. */
export const DELIVERY_STATES = [
  'pending',
  'armed',
  'sending',
  'waiting',
  'posted',
  'refused',
  'unconfirmed',
  'dropped',
  'withdrawn',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Which state may follow which. The SQL changes state only along these, always `where state = <expected>`. */
export const DELIVERY_ARROWS: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  pending: ['armed', 'unconfirmed', 'dropped', 'withdrawn'],
  armed: ['sending', 'pending', 'waiting', 'unconfirmed', 'refused', 'dropped', 'withdrawn'],
  sending: ['posted', 'refused', 'waiting', 'armed', 'unconfirmed'],
  waiting: ['armed', 'unconfirmed', 'refused', 'dropped', 'withdrawn'],
  unconfirmed: ['posted', 'armed', 'refused'],
  posted: [],
  refused: [],
  dropped: [],
  withdrawn: [],
};

/**
 * What a state means to those who count, stop or forget deliveries: not sent and may still be, on its way, there, in doubt, ended
 * without a post, taken back. The lists of states in SQL and on pages are made of it.
 */
type DeliveryGroup = 'unsent' | 'sending' | 'posted' | 'doubt' | 'failed' | 'withdrawn';
const GROUPS: Readonly<Record<DeliveryState, DeliveryGroup>> = {
  pending: 'unsent',
  armed: 'unsent',
  sending: 'sending',
  waiting: 'unsent',
  posted: 'posted',
  refused: 'failed',
  unconfirmed: 'doubt',
  dropped: 'failed',
  withdrawn: 'withdrawn',
};

/** The states of these groups, in the order of DELIVERY_STATES. */
export function deliveryStatesIn(...groups: readonly DeliveryGroup[]): readonly DeliveryState[] {
  return DELIVERY_STATES.filter((state) => groups.includes(GROUPS[state]));
}

/** What a withdrawal, a stop or the end of the campaign's window can still end. */
export const UNSENT = deliveryStatesIn('unsent');
/** What may still become a post without a look at the network. */
export const STILL_TO_GO = deliveryStatesIn('unsent', 'sending');

/** True when nothing more will happen to a delivery in this state by itself. */
export function isFinal(state: DeliveryState): boolean {
  return DELIVERY_ARROWS[state].length === 0;
}
