import { formatList, formatNumber } from '../format.ts';
import { interfaceLocale, type Translate } from '../i18n.ts';
import type { TextOn } from '../views.ts';
import { ExactText } from './exact-text.tsx';

interface SheetsProps {
  /** One for each platform. */
  texts: readonly TextOn[];
  /** Language of the page, and of the text. */
  locale: string;
  textLocale: string;
  t: Translate;
}

/** Platforms that would post the same text share one sheet; otherwise each says where it goes. */
export function TextSheets({ texts, locale, textLocale, t }: SheetsProps) {
  const groups = groupByText(texts);
  return (
    <>
      {[...groups].map(([text, on]) => (
        <figure class="sheet">
          {groups.size > 1 ? (
            <p class="sheet-on">{t('join.on', { platform: platformNames(on, locale) })}</p>
          ) : null}
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
          data-over={isOver(one) ? '' : undefined}
        >
          {lengthWords(one, locale, t)}
        </span>
      ))}
    </figcaption>
  );
}

/** What a text comes to somewhere. */
type Measure = Pick<TextOn, 'label' | 'length' | 'unit'> & { limit: number | null };

function isOver({ length, limit }: TextOn): boolean {
  return length > limit;
}

/** Why a platform does not take a text that is beyond its limit. */
export function unfitWords({ label, length, limit, unit, refused }: TextOn, t: Translate): string {
  if (refused) return t(`account.${refused.kind}`, { platform: label, most: refused.most });
  const key = unit === 'bytes' ? 'account.too_many_bytes' : 'account.too_long';
  return t(key, { platform: label, count: length - limit });
}

/** A sentence for each platform that does not take this text; '' where all do. */
export function tooLongWords(on: readonly TextOn[], t: Translate): string {
  return on
    .filter(isOver)
    .map((one) => unfitWords(one, t))
    .join(' ');
}

/** `X: 212 of 280 characters`; the name alone where nobody knows a limit. */
export function lengthWords(one: Measure, locale: string, t: Translate): string {
  if (one.limit === null) return one.label;
  const length = formatNumber(locale, one.length);
  const limit = formatNumber(locale, one.limit);
  const key = one.unit === 'bytes' ? 'join.length_bytes' : 'join.length';
  return `${one.label}: ${t(key, { length, limit })}`;
}

/** `X`, or `X or Bluesky`, in the language of the page. */
export function platformNames(on: readonly { label: string }[], locale: string): string {
  const labels = on.map(({ label }) => label);
  return formatList(interfaceLocale(locale), labels, 'disjunction');
}

function groupByText(texts: readonly TextOn[]): Map<string, TextOn[]> {
  const groups = new Map<string, TextOn[]>();
  for (const one of texts) groups.set(one.text, [...(groups.get(one.text) ?? []), one]);
  return groups;
}
