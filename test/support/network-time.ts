import { createNetworkClock, type NetworkClock } from '../../src/outbound/wire/network-clock.ts';

/** What a network of the configuration says whose clock is so many milliseconds behind ours, since ours is ahead. */
export function behindBy(ms: number): NetworkClock {
  const origin = 'https://network.example';
  const clock = createNetworkClock([origin]);
  const now = performance.now();
  clock.observe(origin, { date: new Date(Date.now() - ms).toUTCString() }, now, now);
  return clock;
}
