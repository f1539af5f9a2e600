import type { Finding } from './health.ts';

/** What is to be known of networks and servers whose shield did not let us in, of campaigns that are not over. */
export function judgeChallenges(
  challenged: readonly { at: Date; slug: string; platform: string }[],
): Finding[] {
  const [first] = challenged;
  if (!first) return [];
  return [
    {
      check: 'challenges',
      level: 'warning',
      what: 'a shield (such as a CDN’s challenge) before a network, or before a server of it that people joined from, takes us for a machine, so that permissions there could not be looked at',
      since: first.at,
      mend: 'Posts there are tried again until the campaign’s window ends; ask whoever runs it (the network’s developer support, or the moderators of its servers) to let this instance’s address pass.',
      about: [...new Set(challenged.map(({ slug, platform }) => `${slug} ${platform}`))],
    },
  ];
}
