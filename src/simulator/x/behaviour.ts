/**
 * What X calls a post in its parameters and counts: `tweet.fields` and `tweet_count` as its guides have it, `post.fields` and
 * `post_count` as its OpenAPI 2.167 has it, or both.
 */
export const NAMES = ['both', 'tweet', 'post'] as const;

/** What can be set about the simulated X alone. */
export interface XBehaviour {
  names: (typeof NAMES)[number];
}

export function defaultX(): XBehaviour {
  return { names: 'both' };
}
