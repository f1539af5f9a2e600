import { direction } from '../i18n.ts';

/** The text of a post, byte for byte, with its white space; nothing may stand between the tags. */
export function ExactText({ text, locale }: { text: string; locale: string }) {
  return (
    <blockquote class="exact" lang={locale} dir={direction(locale)}>
      {text}
    </blockquote>
  );
}
