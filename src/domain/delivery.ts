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

/** True when nothing more will happen to a delivery in this state by itself. */
export function isFinal(state: DeliveryState): boolean {
  return DELIVERY_ARROWS[state].length === 0;
}
