import type { PublicCampaign } from '../../actions/campaign/show-campaign.ts';
import { picturePath } from '../../domain/picture-path.ts';
import type { PictureView, UpdateView } from '../../web/views/campaign.ts';

/** The width for browsers that do not choose one. */
const PLAIN_WIDTH = 1280;

/** Null while the campaign has no picture, or no words for those who cannot see it. */
export function pictureView(shown: PublicCampaign, textLocale: string): PictureView | null {
  const { campaign, picture } = shown;
  const words = campaign.content.picture;
  const fitting = picture?.sizes.filter(({ width }) => width <= PLAIN_WIDTH) ?? [];
  const plain = fitting.at(-1);
  if (!picture || !words || !plain) return null;
  const at = (width: number) => picturePath(campaign.slug, picture.hash, width);
  return {
    src: at(plain.width),
    srcset: picture.sizes.map(({ width }) => `${at(width)} ${width}w`).join(', '),
    width: plain.width,
    height: plain.height,
    alt: words.alt[textLocale] ?? Object.values(words.alt)[0] ?? '',
    credit: words.credit ?? null,
  };
}

/** Each in the language of the page, or else in the campaign's first, in which every update is. */
export function updateViews(
  { campaign, updates }: PublicCampaign,
  textLocale: string,
): UpdateView[] {
  const [first = textLocale] = campaign.content.locales;
  return updates.map(({ at, text }) => {
    const locale = text[textLocale] === undefined ? first : textLocale;
    return { at: at.toISOString(), text: text[locale] ?? '', locale };
  });
}
