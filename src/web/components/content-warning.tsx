import { direction, type Translate } from '../i18n.ts';
import { platformNames } from '../platform-names.ts';
import type { TextOn } from '../views/campaign.ts';

interface LineProps {
  /** `Content warning:` in the language of the page. */
  label: string;
  warning: string;
  /** Language of the warning. */
  locale: string;
}

/** What readers see before the text of a post, and open it with. */
export function WarningLine({ label, warning, locale }: LineProps) {
  return (
    <p class="content-warning">
      <b>{label}</b>{' '}
      <span lang={locale} dir={direction(locale)}>
        {warning}
      </span>
    </p>
  );
}

interface WarningProps {
  /** One text on each platform that is offered for it. */
  on: readonly TextOn[];
  /** Language of the page, and of the text. */
  locale: string;
  textLocale: string;
  t: Translate;
  /** Whether to say what becomes of it. */
  hint?: boolean;
}

/** The content warning above a text, with the platforms that have it where others do not; nothing where none does. */
export function ContentWarning({ on, locale, textLocale, t, hint = false }: WarningProps) {
  const warned = on.filter(({ contentWarning }) => contentWarning !== undefined);
  const warning = warned[0]?.contentWarning;
  if (warning === undefined) return null;
  const platform = platformNames(warned, locale);
  const isEverywhere = warned.length === on.length;
  return (
    <>
      <WarningLine
        label={isEverywhere ? t('warning.label') : t('warning.label_on', { platform })}
        {...{ warning, locale: textLocale }}
      />
      {hint ? <p class="content-warning-hint">{t('warning.hint', { platform })}</p> : null}
    </>
  );
}
