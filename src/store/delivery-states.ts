import { sql } from 'kysely';
import { type DeliveryState, STILL_TO_GO, UNSENT } from '../domain/delivery.ts';

/** For `state in (...)`, as literals: with parameters the planner would not know which rows are meant. */
function stateList(states: readonly DeliveryState[]) {
  return sql.join(states.map((state) => sql.lit(state)));
}

export const UNSENT_STATES = stateList(UNSENT);
export const STILL_TO_GO_STATES = stateList(STILL_TO_GO);
