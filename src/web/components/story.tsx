import { direction } from '../i18n.ts';
import { storyHtml } from '../story.ts';

/** A campaigner’s story. The only place where HTML is not made by Preact; storyHtml has cleaned it, and is tested to. */
export function Story({ source, locale }: { source: string; locale: string }) {
  return (
    <div
      class="story"
      lang={locale}
      dir={direction(locale)}
      dangerouslySetInnerHTML={{ __html: storyHtml(source) }}
    />
  );
}
