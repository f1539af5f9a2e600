import twitterText from 'twitter-text';
import { escapeHtml } from '../html.ts';

/**
 * A text as Mastodon shows it: paragraphs, lines, links, hashtags. `shorten`: links as some other servers have them, without
 * the parts that Mastodon hides.
 */
export function htmlOf(text: string, origin: string, shorten: boolean): string {
  let html = '';
  let from = 0;
  for (const entity of twitterText.extractEntitiesWithIndices(text)) {
    const [start, end] = entity.indices;
    html += escapeHtml(text.slice(from, start));
    // What has no scheme is no link here.
    if ('url' in entity && /^https?:/i.test(entity.url)) html += link(entity.url, shorten);
    else if ('hashtag' in entity) html += tag(entity.hashtag, origin);
    else html += escapeHtml(text.slice(start, end));
    from = end;
  }
  html += escapeHtml(text.slice(from));
  const lines = html.replace(/\r\n?/g, '\n').trim();
  return `<p>${lines.replace(/\n{2,}/g, '</p><p>').replaceAll('\n', '<br />')}</p>`;
}

const SHOWN = 30;

function link(url: string, shorten: boolean): string {
  const scheme = /^https?:\/\/(www\.)?/i.exec(url)?.[0] ?? '';
  const shown = url.slice(scheme.length, scheme.length + SHOWN);
  const rest = url.slice(scheme.length + SHOWN);
  const start = `<a href="${escapeHtml(url)}" target="_blank" rel="nofollow noopener" translate="no">`;
  if (shorten) return `${start}${escapeHtml(shown)}${rest === '' ? '' : '…'}</a>`;
  const ellipsis = rest === '' ? '' : 'ellipsis';
  return `${start}<span class="invisible">${escapeHtml(scheme)}</span><span class="${ellipsis}">${escapeHtml(shown)}</span><span class="invisible">${escapeHtml(rest)}</span></a>`;
}

function tag(name: string, origin: string): string {
  const href = `${origin}/tags/${encodeURIComponent(name)}`;
  return `<a href="${escapeHtml(href)}" class="mention hashtag" rel="tag">#<span>${escapeHtml(name)}</span></a>`;
}
