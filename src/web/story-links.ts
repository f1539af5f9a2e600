import { linksIn, type TextLink } from '../domain/text/links.ts';

/** The part of a linkifier that markdown-it asks. `schema`: '' where the text has none. */
interface Found {
  schema: string;
  index: number;
  lastIndex: number;
  raw: string;
  text: string;
  url: string;
}

/** Links are no longer. */
const MAX_LINK_LENGTH = 4_200;

/** Lets bare addresses in a story be found as they are in posts; mail addresses as markdown-it finds them. */
export function findLinksAsInPosts(markdown: {
  linkify: { match(text: string): Found[] | null };
}): void {
  const theirs = markdown.linkify;
  const mails = theirs.match.bind(theirs);
  const match = (text: string): Found[] => {
    const links = linksIn(text);
    const beside = (mails(text) ?? []).filter(
      ({ schema, index, lastIndex }) =>
        schema === 'mailto:' && !links.some(({ start, end }) => start < lastIndex && index < end),
    );
    return [...links.map(foundOf), ...beside].sort((a, b) => a.index - b.index);
  };
  const matchAtStart = (text: string): Found | null => {
    const link = linksIn(text.slice(0, MAX_LINK_LENGTH)).find(({ start }) => start === 0);
    return link?.hasScheme ? foundOf(link) : null;
  };
  Object.assign(theirs, { test: (text: string) => match(text).length > 0, match, matchAtStart });
}

function foundOf({ start, end, text, hasScheme }: TextLink): Found {
  const schema = hasScheme ? text.slice(0, text.indexOf(':') + 1).toLowerCase() : '';
  const url = hasScheme ? text : `https://${text}`;
  return { schema, index: start, lastIndex: end, raw: text, text, url };
}
