import type { Finding } from './health.ts';

/** What is to be known of texts that a network refused before the moment, of campaigns that are not over. */
export function judgeTexts(
  refused: readonly { at: Date; slug: string; platform: string }[],
): Finding[] {
  const [first] = refused;
  if (!first) return [];
  return [
    {
      check: 'texts',
      level: 'red',
      what: 'a network refused the text of a campaign in one language before the moment, so nobody’s post with it will be taken there',
      since: first.at,
      mend: 'The campaign’s ledger names the network and the language: tell the campaign, whose people can still post by hand there.',
      about: [...new Set(refused.map(({ slug, platform }) => `${slug} ${platform}`))],
    },
  ];
}
