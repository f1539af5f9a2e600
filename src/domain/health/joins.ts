import type { Finding } from './health.ts';

/** Networks that refuse this instance's app at each join. `detail`: status and code words of the answer. */
export function judgeJoins(
  refusals: readonly { platform: string; since: Date; detail: string }[],
): Finding[] {
  const [first] = refusals.toSorted((a, b) => a.since.getTime() - b.since.getTime());
  if (!first) return [];
  return [
    {
      check: 'joins',
      level: 'warning',
      what: 'a network refuses this instance’s app when people join, so that nobody can join with it',
      since: first.since,
      mend: 'Look at the app’s id and secret, its permissions, its credits and the address it may send people back to: the network’s page under docs/platforms says where each is set. This goes with the next join that the network takes.',
      about: refusals.map(({ platform, detail }) => `${platform}: ${detail}`),
    },
  ];
}
