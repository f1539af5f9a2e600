import type { Context } from '../../context.ts';
import { type Preview, possibleTexts, toPreview } from '../../domain/preview.ts';
import { compileTemplate, messageValues } from '../../domain/template.ts';
import { contentWarningIn, toWordings } from '../../domain/words.ts';
import { textRules } from './create-campaign.ts';
import { findNamed } from './find-campaign.ts';

/**
 * Every text of a campaign, as it was told when the campaign was created and for the platforms of today: by language, then
 * the message and its variants, then by platform. @throws NotFoundError
 */
export async function showPreviews(ctx: Context, input: { slug: string }): Promise<Preview[]> {
  const { content } = await findNamed(ctx, input.slug);
  const { must, may } = await textRules(ctx);
  return content.locales.flatMap((locale) =>
    toWordings(content, locale).flatMap((source, variant) => {
      const template = compileTemplate(source, 'messages');
      const texts = possibleTexts(template, messageValues(content, locale));
      const warning = contentWarningIn(content, locale);
      return [...must, ...may].map((rule) => toPreview({ locale, variant }, texts, rule, warning));
    }),
  );
}
