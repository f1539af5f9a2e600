/**
 * A BCP 47 tag in its canonical spelling (`pt-br` -> `pt-BR`), or null when it is none. Extensions (`-u-ca-...`) and
 * private tags are none here: they say nothing about the language of a text.
 */
export function canonicalLocale(tag: string): string | null {
  try {
    const locale = new Intl.Locale(tag);
    return locale.baseName === locale.toString() ? locale.baseName : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
