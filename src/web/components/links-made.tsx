import { namesThatLink } from '../../domain/text/slips.ts';
import type { Translate } from '../i18n.ts';

/** A sentence for each name in a text that becomes a link although it has no https://; '' where there is none. */
export function linksMadeWords(text: string, t: Translate): string {
  return namesThatLink(text)
    .map(({ name, url }) => t('words.links_made', { name, url }))
    .join(' ');
}

/** The same below a text that is shown as it will be posted. */
export function LinksMade({ text, t }: { text: string; t: Translate }) {
  const said = linksMadeWords(text, t);
  return said === '' ? null : <p class="step-hint">{said}</p>;
}
