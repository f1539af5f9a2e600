import { createInstance } from 'i18next';
import { createBoundedMemo } from '../domain/bounded-memo.ts';
import ar from './locales/ar.json' with { type: 'json' };
import de from './locales/de.json' with { type: 'json' };
import en from './locales/en.json' with { type: 'json' };
import es from './locales/es.json' with { type: 'json' };
import fr from './locales/fr.json' with { type: 'json' };
import it from './locales/it.json' with { type: 'json' };
import ru from './locales/ru.json' with { type: 'json' };
import uk from './locales/uk.json' with { type: 'json' };

type PluralSuffix = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other';
type WithoutPlural<K extends string> = K extends `${infer Base}_${PluralSuffix}` ? Base : K;
type Leaves<T, Prefix extends string = ''> = {
  [K in keyof T & string]: T[K] extends string
    ? `${Prefix}${WithoutPlural<K>}`
    : Leaves<T[K], `${Prefix}${K}.`>;
}[keyof T & string];

/** Every message there is; a key that is not in en.json is a compile error. */
export type MessageKey = Leaves<typeof en>;

/** Looks a message up in one language. `count` picks the plural form by CLDR. */
export type Translate = (key: MessageKey, values?: Record<string, string | number>) => string;

const RESOURCES = { en, fr, it, ru, es, de, ar, uk };

/** The languages that the interface for supporters is complete in; the first is the fallback. */
export const LOCALES: readonly string[] = Object.keys(RESOURCES);

// Preact escapes everything that is rendered, so i18next must not do it a second time.
const i18n = createInstance();
void i18n.init({
  resources: Object.fromEntries(
    Object.entries(RESOURCES).map(([tag, messages]) => [tag, { translation: messages }]),
  ),
  supportedLngs: [...LOCALES],
  fallbackLng: false,
  initAsync: false,
  interpolation: { escapeValue: false, skipOnVariables: true },
  saveMissing: true,
  missingKeyHandler: (_languages, _namespace, key) => {
    throw new Error(`no message ${key}`);
  },
});

const translators = new Map(
  LOCALES.map((tag) => [tag, i18n.getFixedT(tag) as unknown as Translate]),
);

/** The interface language that a page in `locale` is rendered in. */
export function interfaceLocale(locale: string): string {
  return LOCALES.includes(locale) ? locale : 'en';
}

/** The translator for `locale`, or English where the interface does not speak it. */
export function translator(locale: string): Translate {
  const found = translators.get(interfaceLocale(locale));
  if (!found) throw new Error('the interface has no English messages');
  return found;
}

/** Scripts in use that are written from right to left (ISO 15924; Unicode, Bidi_Class R and AL). */
const RIGHT_TO_LEFT = [
  'Adlm',
  'Arab',
  'Aran',
  'Hebr',
  'Mand',
  'Nkoo',
  'Rohg',
  'Samr',
  'Syrc',
  'Thaa',
];

const directions = createBoundedMemo<'ltr' | 'rtl'>(500);

/** Writing direction of a language, by the script that it names or, by CLDR, is likely written in. */
export function direction(locale: string): 'ltr' | 'rtl' {
  return directions(locale, () => {
    const { script = '' } = new Intl.Locale(locale).maximize();
    return RIGHT_TO_LEFT.includes(script) ? 'rtl' : 'ltr';
  });
}
