import type { EmbeddedWatch } from '../../src/store/embedded/server.ts';

/** For a test to which it does not matter what an embedded database tells. */
export const UNWATCHED: EmbeddedWatch = {
  onLine: () => undefined,
  onStart: () => undefined,
  onError: () => undefined,
};
