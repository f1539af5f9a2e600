import { sql } from 'kysely';

/** For `state in (...)`, as literals: with parameters the planner would not know which rows are meant. */
export function stateList(states: readonly string[]) {
  return sql.join(states.map((state) => sql.lit(state)));
}
