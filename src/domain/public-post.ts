import type { CampaignContent } from './campaign.ts';
import { hashtagsIn } from './text/hashtags.ts';

/** A post of anybody's, as its network shows it without a login. */
export interface PublicPost {
  at: Date;
  text: string;
  /** Addresses that it links to, shortened in its text or not. */
  links: readonly string[];
}

/** Clocks differ, and Bluesky takes the time that a post's own app gives. */
const SLACK_MS = 5 * 60_000;

/**
 * Whether a post may count for a campaign: made since its moment, and about it, since it has its link, an address of its page
 * or one of its hashtags. `pages`: addresses of the campaign's own pages, without a language.
 */
export function countsFor(
  post: PublicPost,
  content: CampaignContent,
  { moment, now, pages }: { moment: Date; now: Date; pages: readonly string[] },
): boolean {
  const at = post.at.getTime();
  if (!(at >= moment.getTime() - SLACK_MS && at <= now.getTime() + SLACK_MS)) return false;
  const tags = new Set(hashtagsIn(post.text).map(({ tag }) => folded(tag)));
  if (content.hashtags.some((tag) => tags.has(folded(tag)))) return true;
  const wanted = new Set([content.link, ...pages].map(placeOf));
  return post.links.some((link) => wanted.has(placeOf(link)));
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** Host and path of an address: what it has in common however it is written. */
function placeOf(address: string): string {
  if (!URL.canParse(address)) return address;
  const { host, pathname } = new URL(address);
  return `${host.replace(/^www\./, '')}${pathname.replace(/\/+$/, '')}`;
}
