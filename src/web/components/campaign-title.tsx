import { direction } from '../i18n.ts';

interface CampaignTitleProps {
  title: string;
  /** Language of the title, which may not be the interface's. */
  locale: string;
  class?: string;
}

/** A campaign's title within the interface's own words. */
export function CampaignTitle({ title, locale, class: name }: CampaignTitleProps) {
  return (
    <span class={name} lang={locale} dir={direction(locale)}>
      {title}
    </span>
  );
}
