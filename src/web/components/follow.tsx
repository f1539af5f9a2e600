import type { ComponentChildren } from 'preact';
import type { Refresh } from '../document.tsx';
import type { Translate } from '../i18n.ts';
import type { FollowView } from '../views/frame.ts';

/** What assets/follow.js reads of `main`. */
export function followAttributes(follow: FollowView | null) {
  if (!follow) return {};
  return {
    'data-follow': follow.href,
    'data-version': follow.version ?? '',
    'data-own': follow.version === null ? '' : undefined,
    'data-changes': follow.changes.join(' '),
  };
}

/** Where the same is done without scripts. */
export function refreshOf(follow: FollowView | null): Refresh | undefined {
  if (!follow || follow.refresh === null) return undefined;
  return { seconds: follow.refresh };
}

/** How old the page is, while the server cannot be reached; and, for those who cannot see it, what has changed. */
export function FollowLines({ t }: { t: Translate }) {
  return (
    <>
      <p
        class="follow"
        role="status"
        data-follow-said
        data-as-of={t('frame.as_of', { time: '%t' })}
      />
      <p class="unseen" role="status" data-follow-news />
    </>
  );
}

/** A part of a page that is replaced as a whole when it has changed. */
export function Part({ name, children }: { name: string; children?: ComponentChildren }) {
  return <div data-part={name}>{children}</div>;
}
