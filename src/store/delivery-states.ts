import { DELIVERY_STATES, isFinal, STILL_TO_GO, UNSENT } from '../domain/delivery.ts';
import { stateList } from './state-list.ts';

export const UNSENT_STATES = stateList(UNSENT);
export const FINAL_STATES = stateList(DELIVERY_STATES.filter(isFinal));
export const STILL_TO_GO_STATES = stateList(STILL_TO_GO);
