/** How many times as often as on every day properties are tried, as in `FUZZ=30 npm test`. */
const FUZZ = Number(process.env.FUZZ || 1);
if (!Number.isInteger(FUZZ) || FUZZ < 1) throw new Error('FUZZ must be a whole number from 1');

/** How often a property is tried; fast-check says with which seed it failed. */
export const FUZZ_RUNS = 100 * FUZZ;
