import type { Translate } from '../i18n.ts';

/**
 * Leaves at once for a page of no interest to anybody; with scripts, the way back does not lead here. First in its page, so
 * that one Tab reaches it, and always in sight.
 */
export function QuickExit({ href, t }: { href: string; t: Translate }) {
  return (
    <p class="exit">
      <a href={href} rel="noreferrer" data-exit>
        {t('frame.exit')}
      </a>
    </p>
  );
}
