import { createPoster, eachOf, runPeer, WIDTH } from './peer.ts';

/** The client in a loop, 256 wide: no queue, no record, nothing remembered. Whoever is killed here has lost everything. */
await runPeer({
  enqueue: () => Promise.resolve(),
  work({ networkUrl, dueAt }, jobs) {
    const post = createPoster(networkUrl);
    const list = jobs();
    setTimeout(fire, dueAt - Date.now() - 5);
    function fire(): void {
      // A timer may be early by a fraction of a millisecond.
      if (performance.timeOrigin + performance.now() < dueAt) setImmediate(fire);
      else void eachOf(list, WIDTH, post);
    }
    return Promise.resolve();
  },
});
