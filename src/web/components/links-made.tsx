import { namesThatLink } from '../../domain/text/slips.ts';
import type { Translate } from '../i18n.ts';
import { platformNames } from '../platform-names.ts';
import type { TextOn } from '../views/campaign.ts';

interface LinksProps {
  text: string;
  /** Where it would be posted. */
  on: readonly Pick<TextOn, 'label' | 'leavesNames'>[];
  /** Language of the page. */
  locale: string;
  t: Translate;
}

/** A sentence for each name in a text that becomes a link although it has no https://, and where; '' where there is none. */
export function linksMadeWords({ text, on, locale, t }: LinksProps): string {
  const linking = on.filter(({ leavesNames }) => !leavesNames);
  if (linking.length === 0) return '';
  const platform = platformNames(linking, locale);
  return namesThatLink(text)
    .map(({ name, url }) => t('words.links_made', { name, url, platform }))
    .join(' ');
}

/** The same below a text that is shown as it will be posted. */
export function LinksMade(props: LinksProps) {
  const said = linksMadeWords(props);
  return said === '' ? null : <p class="step-hint">{said}</p>;
}
