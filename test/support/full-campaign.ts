import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCampaignYaml } from '../../src/domain/campaign-input.ts';
import { repository } from './child.ts';

/** What a campaign says in each of its languages. */
type Localized<T = string> = Readonly<Record<string, T>>;

/** What is read here of a campaign's document. */
interface Document extends Record<string, unknown> {
  locales: readonly string[];
  title: Localized;
  hashtags: readonly string[];
  organiser: { name: string };
}

/** In Arabic, which the reference campaign does not speak; by the names of its document. */
const ARABIC: Readonly<Record<string, string | readonly string[]>> = {
  title: '100 يوم من الظلم في الشيشان',
  messages:
    'منذ مئة يوم يُعتقل رجال في الشيشان ويُعذَّبون، ولم يُحاسَب أحد. لن نصمت.\n{{ hashtags }} {{ link }}',
  variants: ['مئة يوم ولم يُحاسَب أحد. نطالب بتحقيق مستقل.\n{{ link }}'],
  story:
    '## ما الذي حدث\n\nفي ربيع 2017 كشفت صحيفة عن اعتقالات سرية في الشيشان.\n\n- تحقيق مستقل\n- حماية الشهود',
  addressee: 'إلى النائب العام ولجنة التحقيق في الاتحاد الروسي',
  letter: 'نطلب منكم فتح تحقيق جنائي.\n\n- حماية كل من يشهد\n- إبلاغ العائلات بمصير المفقودين',
};

/** The reference campaign's document, as its file has it. */
export async function referenceCampaign(): Promise<Document> {
  const text = await readFile(join(repository, 'config/campaigns/reference.yaml'), 'utf8');
  return parseCampaignYaml(text) as Document;
}

/** The reference campaign with all that a campaign can have but a picture, in a language from right to left, too. */
export async function fullCampaign(): Promise<Document> {
  const reference = await referenceCampaign();
  const translated = Object.entries(ARABIC).map(([name, text]) => [
    name,
    { ...(reference[name] as Localized<unknown>), ar: text },
  ]);
  return {
    ...reference,
    ...Object.fromEntries(translated),
    locales: [...reference.locales, 'ar'],
    own_words: true,
    reminders: true,
    donation: 'https://example.org/donate',
  };
}

/** Words that a personal page's title and address must not say, in lower case: of title, slug, hashtags and organiser. */
export function tellingWords(slug: string, { title, hashtags, organiser }: Document): string[] {
  const titles = Object.values(title);
  const long = titles
    .flatMap((one) => one.split(/[^\p{L}\p{M}\p{N}]+/u))
    .filter((word) => [...word].length >= 6);
  const words = [slug, organiser.name, ...titles, ...hashtags, ...long];
  return [...new Set(words.map((word) => word.toLowerCase()))];
}
