import markdownIt from 'markdown-it';
import sanitizeHtml from 'sanitize-html';
import { headingLevels } from '../domain/story.ts';
import { findLinksAsInPosts } from './story-links.ts';

const markdown = markdownIt({ html: false, linkify: true });
findLinksAsInPosts(markdown);

/** The page has its own h1 and h2; those of a story come below them. */
const HEADINGS = ['h3', 'h4', 'h5', 'h6'] as const;
markdown.core.ruler.push('headings', ({ tokens }) => {
  const headings = tokens.filter(({ type }) => /^heading_/.test(type));
  const levels = headingLevels(headings);
  for (const heading of headings) {
    heading.tag = HEADINGS[levels.indexOf(heading.tag)] ?? 'h6';
  }
});

const RULES: sanitizeHtml.IOptions = {
  allowedTags: [
    ...['h3', 'h4', 'h5', 'h6', 'p', 'ul', 'ol', 'li', 'blockquote', 'hr', 'br'],
    ...['a', 'strong', 'em', 'code', 'pre'],
  ],
  allowedAttributes: { a: ['href', 'rel'], ol: ['start'] },
  allowedSchemes: ['https', 'http', 'mailto'],
  allowProtocolRelative: false,
  transformTags: {
    a: sanitizeHtml.simpleTransform('a', { rel: 'noopener nofollow' }),
  },
};

/** A story is rendered once and looked up afterwards; the bound is on stories, not on visitors. */
const REMEMBERED = 200;
const remembered = new Map<string, string>();

/**
 * A campaigner's markdown as HTML that cannot run, load or style anything: raw HTML is shown as text,
 * pictures are left out (they would tell their server who reads the page), links are plain. Whatever level its highest headings have,
 * they are h3, and those of the next level that it uses h4, so that `#` and `##` stay two levels and none is skipped.
 */
export function storyHtml(source: string): string {
  const known = remembered.get(source);
  if (known !== undefined) return known;
  const html = sanitizeHtml(markdown.render(source), RULES);
  if (remembered.size >= REMEMBERED) remembered.clear();
  remembered.set(source, html);
  return html;
}
