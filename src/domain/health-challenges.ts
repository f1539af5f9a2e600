import type { Finding } from './health.ts';

/** What is to be known of servers whose shield did not let preflight in, of campaigns that are not over. */
export function judgeChallenges(
  challenged: readonly { at: Date; slug: string; platform: string }[],
): Finding[] {
  const [first] = challenged;
  if (!first) return [];
  return [
    {
      check: 'challenges',
      level: 'warning',
      what: 'before a server that people joined from stands a shield (such as a CDN’s challenge) that takes us for a machine, so permissions there could not be looked at',
      since: first.at,
      mend: 'Posts there are tried again until the campaign’s window ends; ask the moderators of the servers of that network to let this instance’s address pass.',
      about: [...new Set(challenged.map(({ slug, platform }) => `${slug} ${platform}`))],
    },
  ];
}
