import { LOCALES } from './i18n.ts';

/** A browser sends a few hundred characters at most; more than this is not a wish but an attack. */
const HEADER_LIMIT = 1000;

/**
 * Chooses a language by BCP 47 lookup (RFC 4647 section 3.4): what was asked for by link first, then the
 * browser's list by weight, each shortened from the right until it fits. Where that finds nothing, a
 * relative of a wanted language (pt-BR for pt) is better than the first language available.
 */
export function pickLocale(
  acceptLanguage: string | undefined,
  wanted: string | undefined,
  available: readonly string[] = LOCALES,
): string {
  const ranges = [wanted ?? '', ...parseAcceptLanguage(acceptLanguage ?? '')].filter(Boolean);
  for (const range of ranges) {
    const found = lookup(range, available);
    if (found) return found;
  }
  for (const range of ranges) {
    const language = `${range.split('-')[0]?.toLowerCase()}-`;
    const found = available.find((tag) => tag.toLowerCase().startsWith(language));
    if (found) return found;
  }
  return available[0] ?? 'en';
}

function lookup(range: string, available: readonly string[]): string | undefined {
  const parts = range.toLowerCase().split('-');
  while (parts.length > 0) {
    const found = available.find((tag) => tag.toLowerCase() === parts.join('-'));
    if (found) return found;
    parts.pop();
    // A single letter or digit only introduces what followed it, and goes with it.
    if (parts.at(-1)?.length === 1) parts.pop();
  }
  return undefined;
}

function parseAcceptLanguage(header: string): string[] {
  return header
    .slice(0, HEADER_LIMIT)
    .split(',')
    .map((entry) => {
      const [range = '', ...parameters] = entry.split(';').map((part) => part.trim());
      const weight = parameters.find((parameter) => /^q=/i.test(parameter));
      return { range, weight: weight ? Number(weight.slice(2)) : 1 };
    })
    .filter(({ range, weight }) => /^[a-z0-9]+(-[a-z0-9]+)*$/i.test(range) && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ range }) => range);
}
