import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** A link that leads nowhere: in which file, and what is wrong. */
export interface DeadLink {
  file: string;
  link: string;
  why: 'no such file' | 'no such heading' | 'outside the repository';
}

/** Every Markdown file of the repository, by its path from the top; not what is installed or built. */
export function markdownFiles(top: string): string[] {
  const folders = ['docs', 'src', 'config', 'test', 'workers'];
  const within = folders.flatMap((folder) =>
    existsSync(join(top, folder))
      ? readdirSync(join(top, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
          join(folder, path),
        )
      : [],
  );
  return [...readdirSync(top), ...within].filter(
    (path) => path.endsWith('.md') && !path.includes('node_modules'),
  );
}

/** What of a file's own links into the repository leads nowhere; links to other sites are not followed. */
export function deadLinksIn(top: string, file: string): DeadLink[] {
  const text = withoutCode(readFileSync(join(top, file), 'utf8'));
  return linksIn(text).flatMap((link) => {
    if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return [];
    const why = problemOf(top, file, link);
    return why === null ? [] : [{ file, link, why }];
  });
}

function problemOf(top: string, file: string, link: string): DeadLink['why'] | null {
  const [path = '', heading] = decodeURI(link).split('#');
  const target = path === '' ? join(top, file) : join(top, dirname(file), path);
  if (relative(top, target).startsWith('..')) return 'outside the repository';
  if (!existsSync(target)) return 'no such file';
  if (heading === undefined || heading === '' || !target.endsWith('.md')) return null;
  if (statSync(target).isDirectory()) return null;
  return headingsOf(readFileSync(target, 'utf8')).has(heading) ? null : 'no such heading';
}

/** Targets of links and pictures, in Markdown and in HTML. */
function linksIn(text: string): string[] {
  const markdown = [...text.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)];
  const html = [...text.matchAll(/\b(?:href|src|srcset)="([^"\s]+)[^"]*"/g)];
  return [...markdown, ...html].map((match) => match[1] ?? '');
}

/** What looks like a link there is an example. */
function withoutCode(text: string): string {
  return text
    .replace(/^(```|~~~).*?^\1/gms, '')
    .replace(/^(?: {4}|\t).*$/gm, '')
    .replace(/`[^`\n]+`/g, '`code`');
}

/** The anchors of a page's headings, as GitHub and Forgejo make them. */
export function headingsOf(text: string): Set<string> {
  const seen = new Map<string, number>();
  const headings = text.replace(/^(```|~~~).*?^\1/gms, '').matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm);
  const anchors = [...headings].map((match) => {
    const words = (match[1] ?? '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = words.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
    const nth = seen.get(anchor) ?? 0;
    seen.set(anchor, nth + 1);
    return nth === 0 ? anchor : `${anchor}-${nth}`;
  });
  return new Set(anchors);
}
