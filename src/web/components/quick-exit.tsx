import type { Translate } from '../i18n.ts';

/** Leaves at once for a page of no interest to anybody; with scripts, the way back does not lead here. */
export function QuickExit({ href, t }: { href: string; t: Translate }) {
  return (
    <a class="exit" href={href} rel="noreferrer" data-exit>
      {t('frame.exit')}
    </a>
  );
}
