import { graphemesOf } from '../graphemes.ts';
import { schemedLinks } from '../links.ts';

/** github.com/mastodon/mastodon, app/models/account.rb, MENTION_RE. */
const MENTION =
  /(?<![=/\p{L}\p{M}\p{N}\p{Pc}])@([a-z0-9_]+(?:[a-z0-9_.-]+[a-z0-9_]+)?)@[\p{L}\p{M}\p{N}\p{Pc}]+(?:[.-]+[\p{L}\p{M}\p{N}\p{Pc}]+)*/giu;

/**
 * What is wrong with the length of a text and the content warning before it, or undefined: app/validators/status_length_validator.rb
 * counts the two as one, and shortens links and mentions in the text alone.
 */
export function lengthProblem(
  text: string,
  warning: string,
  { maxCharacters, reservedPerUrl }: { maxCharacters: number; reservedPerUrl: number },
): string | undefined {
  const links = text.includes('://') ? schemedLinks(text) : [];
  if (warning.length + text.length + links.length * reservedPerUrl <= maxCharacters)
    return undefined;
  let words = '';
  let from = 0;
  for (const [start, end] of links) {
    words += `${text.slice(from, start)}${'x'.repeat(reservedPerUrl)}`;
    from = end;
  }
  const length = graphemesOf(warning + (words + text.slice(from)).replace(MENTION, '@$1'));
  return length > maxCharacters ? `Text character limit of ${maxCharacters} exceeded` : undefined;
}
