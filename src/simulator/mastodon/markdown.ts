import MarkdownIt, { type StateCore, type Token } from 'markdown-it';

/** As Hollo has it: no HTML, links of bare addresses, hashtags of letters, digits and underscores. */
const markdown = new MarkdownIt({ linkify: true, html: false });
markdown.core.ruler.after('inline', 'hashtags', findHashtags);
markdown.renderer.rules.hashtag = (tokens, index, _options, env) => {
  const name = (tokens[index]?.content ?? '').slice(1);
  const href = `${env?.origin}/tags/${encodeURIComponent(name)}`;
  return `<a href="${href}" class="mention hashtag" rel="tag">#<span>${name}</span></a>`;
};

const HASHTAG = /(#[\w\p{L}]+)/u;

/** A text read as Markdown, as such a server shows it. */
export function markdownHtml(text: string, origin: string): string {
  return markdown.render(text, { origin });
}

/** In what is plain text by then: not in links, nor where the sign was escaped. */
function findHashtags(state: StateCore): void {
  for (const block of state.tokens) {
    let links = 0;
    block.children &&= block.children.flatMap((token) => {
      if (token.type === 'link_open') links++;
      if (token.type === 'link_close') links--;
      return token.type === 'text' && links === 0 ? splitAtTags(state, token) : [token];
    });
  }
}

function splitAtTags(state: StateCore, { content }: Token): Token[] {
  return content.split(HASHTAG).map((part, index) => {
    const made = new state.Token(index % 2 === 1 ? 'hashtag' : 'text', '', 0);
    made.content = part;
    return made;
  });
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' };

/** What people read there. */
export function textOfHtml(html: string): string {
  return html
    .trim()
    .replace(/<br \/>\n?|<br>\n?/g, '\n')
    .replace(/<\/p>\s*<p>/g, '\n\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(lt|gt|quot|amp);/g, (_whole, name: string) => ENTITIES[name] ?? '');
}
