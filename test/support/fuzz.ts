/** How much longer than on every day properties are tried, as in `FUZZ=30 npm test`. */
const FUZZ = Math.max(1, Number(process.env.FUZZ ?? 1));

/** How often a property is tried; fast-check says with which seed it failed. */
export const FUZZ_RUNS = 100 * FUZZ;
