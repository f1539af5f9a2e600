import { direction, type Translate } from '../i18n.ts';
import type { PictureView } from '../views/campaign.ts';

interface CampaignPictureProps {
  picture: PictureView;
  textLocale: string;
  t: Translate;
}

/** The campaign's picture. Its size is said beforehand, so that nothing moves when it comes. */
export function CampaignPicture({ picture, textLocale, t }: CampaignPictureProps) {
  const { src, srcset, width, height, alt, credit } = picture;
  return (
    <figure class="hero-picture">
      <img
        {...{ src, srcset, width, height }}
        alt={alt}
        sizes="(min-width: 84rem) 35rem, (min-width: 56rem) 42vw, 100vw"
        decoding="async"
        fetchpriority="high"
        lang={textLocale}
        dir={direction(textLocale)}
      />
      {credit ? (
        <figcaption>
          {t('campaign.credit')} <bdi>{credit}</bdi>
        </figcaption>
      ) : null}
    </figure>
  );
}
