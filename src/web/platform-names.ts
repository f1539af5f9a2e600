import { formatList } from './format.ts';
import { interfaceLocale } from './i18n.ts';

/** `X`, or `X or Bluesky`, in the language of the page. */
export function platformNames(on: readonly { label: string }[], locale: string): string {
  const labels = on.map(({ label }) => label);
  return formatList(interfaceLocale(locale), labels, 'disjunction');
}
