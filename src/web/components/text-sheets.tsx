import { isTaken } from '../../domain/text-rule.ts';
import { formatNumber } from '../format.ts';
import type { Translate } from '../i18n.ts';
import { platformNames } from '../platform-names.ts';
import type { TextOn } from '../views/campaign.ts';
import { ContentWarning } from './content-warning.tsx';
import { ExactText } from './exact-text.tsx';

interface SheetsProps {
  /** One for each platform. */
  texts: readonly TextOn[];
  /** Language of the page, and of the text. */
  locale: string;
  textLocale: string;
  t: Translate;
}

/** Platforms that would post the same share one sheet; otherwise each says where it goes. */
export function TextSheets({ texts, locale, textLocale, t }: SheetsProps) {
  const groups = groupPosts(texts);
  return (
    <>
      {groups.map(({ text, on }) => (
        <figure class="sheet">
          {groups.length > 1 ? (
            <p class="sheet-on">{t('join.on', { platform: platformNames(on, locale) })}</p>
          ) : null}
          <ContentWarning {...{ on, locale, textLocale, t }} />
          <ExactText text={text} locale={textLocale} />
          <Lengths {...{ on, locale, t }} />
        </figure>
      ))}
    </>
  );
}

/** How much of each platform's limit a text takes. */
export function Lengths({
  on,
  locale,
  t,
}: {
  on: readonly TextOn[];
  locale: string;
  t: Translate;
}) {
  return (
    <figcaption>
      {on.map((one) => (
        <span
          class="sheet-length"
          data-length-on={one.platform}
          data-over={isTaken(one) ? undefined : ''}
        >
          {lengthWords(one, locale, t)}
        </span>
      ))}
    </figcaption>
  );
}

/** What a text comes to somewhere. */
type Measure = Pick<TextOn, 'label' | 'length' | 'unit'> & { limit: number | null };

/** Why a platform does not take a text: a sentence for each rule that it breaks. */
export function unfitWords(one: TextOn, locale: string, t: Translate): string {
  const { label: platform, length, limit, unit, refused } = one;
  const said: string[] = [];
  if (refused?.kind === 'reads_markup') said.push(t('account.reads_markup', { platform }));
  else if (refused) {
    const [most, found] = [refused.most, refused.found].map((n) => formatNumber(locale, n));
    said.push(t(`account.${refused.kind}`, { platform, most: most ?? '', found: found ?? '' }));
  }
  const key = unit === 'bytes' ? 'account.too_many_bytes' : 'account.too_long';
  if (length > limit) said.push(t(key, { platform, count: length - limit }));
  return said.join(' ');
}

/** A sentence for each platform that does not take this text; '' where all do. */
export function tooLongWords(on: readonly TextOn[], locale: string, t: Translate): string {
  return on
    .filter((one) => !isTaken(one))
    .map((one) => unfitWords(one, locale, t))
    .join(' ');
}

/** `X: 212 of 280 characters`; the name alone where the limit is not known. */
export function lengthWords(one: Measure, locale: string, t: Translate): string {
  if (one.limit === null) return one.label;
  const length = formatNumber(locale, one.length);
  const limit = formatNumber(locale, one.limit);
  const key = one.unit === 'bytes' ? 'join.length_bytes' : 'join.length';
  return `${one.label}: ${t(key, { length, limit })}`;
}

/** Those that would post the same text behind the same content warning, together. */
export function groupPosts<Post extends Pick<TextOn, 'text' | 'contentWarning'>>(
  posts: readonly Post[],
): { text: string; contentWarning: string | undefined; on: Post[] }[] {
  const groups = new Map<string, Post[]>();
  for (const post of posts) {
    const key = JSON.stringify([post.text, post.contentWarning]);
    groups.set(key, [...(groups.get(key) ?? []), post]);
  }
  return [...groups.values()].flatMap((on) => {
    const [first] = on;
    return first ? [{ text: first.text, contentWarning: first.contentWarning, on }] : [];
  });
}
