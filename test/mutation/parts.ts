/** What is mutated: everything between a shard that has been leased and what is written down of each of its posts. */
export const MUTATED = [
  'src/actions/fire/bursts.ts',
  'src/actions/fire/burst.ts',
  'src/actions/fire/host-gate.ts',
  'src/actions/fire/dispatch-marks.ts',
  'src/actions/fire/outcome-writer.ts',
  'src/actions/fire/token-bucket.ts',
  'src/actions/fire/prepare-shard.ts',
  'src/actions/fire/burst-store.ts',
  'src/actions/fire/warm-up.ts',
  'src/actions/fire/settlement.ts',
  'src/actions/fire/sleep-until.ts',
  'src/actions/fire/adaptive-concurrency.ts',
  'src/domain/backoff.ts',
  'src/platforms/retry-after.ts',
  'src/platforms/x/classify.ts',
] as const;

/** The tests that are to notice, from the repository's top: all that are about the engine alone. */
export const TESTS = [
  'test/actions/fire/*.test.ts',
  'test/domain/backoff.test.ts',
  'test/platforms/retry-after.test.ts',
  'test/platforms/x/classify.test.ts',
] as const;

/**
 * Those of them that wait for a whole campaign, from its lock on: they notice much, but a change that nothing notices is met by
 * every test there is, and with these a thousand changes take a day.
 */
export const TOO_LONG = [
  'test/actions/fire/lane-in-play.full.test.ts',
  'test/actions/fire/nothing-to-send.test.ts',
  'test/actions/fire/unopened.test.ts',
] as const;
