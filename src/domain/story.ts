import MarkdownIt, { type Token } from 'markdown-it';

/** Reads HTML only to find it: pages render stories with `html: false`, where it would stand as plain text. */
const reader = new MarkdownIt({ html: true, linkify: false });
// markdown-it drops javascript: links by itself; here they must be seen to be named.
reader.validateLink = () => true;

const HTML = 'holds HTML';
const LINK = /^(?:https?:\/\/|mailto:)/i;

/**
 * What must not be in a story, each in words with its line: raw HTML (script above all), links to anything but http,
 * https and mailto, and pictures, which would be fetched from elsewhere and tell that place who reads the page.
 */
export function storyProblems(markdown: string): string[] {
  const found = reader.parse(markdown, {}).flatMap((block) => {
    const line = block.map ? ` (line ${block.map[0] + 1})` : '';
    return [block, ...(block.children ?? [])].flatMap((token) => tokenProblem(token, line) ?? []);
  });
  // The first piece of HTML stands for all: every tag is followed by its closing one.
  const html = found.findIndex((problem) => problem.startsWith(HTML));
  return found.filter((problem, index) => index === html || !problem.startsWith(HTML));
}

function tokenProblem(token: Token, line: string): string | null {
  switch (token.type) {
    case 'html_block':
    case 'html_inline': {
      const seen = token.content.trim().split('\n')[0]?.slice(0, 40);
      return `${HTML}, ${seen}${line}; write it in markdown, HTML and script are not taken`;
    }
    case 'link_open': {
      const href = String(token.attrGet('href') ?? '');
      if (LINK.test(href)) return null;
      return `links to "${href.slice(0, 40)}"${line}; only https, http and mailto are taken`;
    }
    case 'image':
      return `shows a picture${line}; pictures are not taken, link to it instead`;
    default:
      return null;
  }
}
