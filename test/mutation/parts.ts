/** What is mutated: everything between a shard that has been leased and what is written down of each of its posts. */
export const MUTATED = [
  'src/actions/delivery/burst/bursts.ts',
  'src/actions/delivery/burst/burst.ts',
  'src/actions/delivery/burst/host-gate.ts',
  'src/actions/delivery/burst/dispatch-marks.ts',
  'src/actions/delivery/burst/outcome-writer.ts',
  'src/actions/delivery/burst/token-bucket.ts',
  'src/actions/delivery/burst/prepare-shard.ts',
  'src/actions/delivery/burst/burst-store.ts',
  'src/actions/delivery/burst/warm-up.ts',
  'src/actions/delivery/burst/settlement.ts',
  'src/actions/delivery/burst/sleep-until.ts',
  'src/actions/delivery/burst/adaptive-concurrency.ts',
  'src/domain/backoff.ts',
  'src/outbound/retry-after.ts',
  'src/platforms/x/classify.ts',
] as const;

/** The tests that are to notice, from the repository's top: all that are about the engine alone. */
export const TESTS = [
  'test/actions/delivery/burst/*.test.ts',
  'test/domain/backoff.test.ts',
  'test/outbound/retry-after.test.ts',
  'test/platforms/x/classify.test.ts',
] as const;

/**
 * Those of them that wait for a whole campaign, from its lock on: they notice much, but a change that nothing notices is met by
 * every test there is, and with these a thousand changes take a day.
 */
export const TOO_LONG = [
  'test/actions/delivery/burst/lane-in-play.full.test.ts',
  'test/actions/delivery/burst/nothing-to-send.test.ts',
  'test/actions/delivery/burst/unopened.test.ts',
] as const;
