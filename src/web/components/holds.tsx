import { dayAndClock } from '../format.ts';
import type { HoldView } from '../views/health.ts';

interface HoldsProps {
  holds: readonly HoldView[];
  zone: string;
  /** Whose buttons this page has: one campaign's, or those of the instance and the platforms. */
  buttons: 'campaign' | 'wide';
}

/** What is held, by whom, since when, and what to do about it. Nothing where nothing is held. */
export function Holds({ holds, zone, buttons }: HoldsProps) {
  if (holds.length === 0) return null;
  return (
    <section class="holds" aria-label="Held now">
      <ul>
        {holds.map((hold) => (
          <li class="hold" data-hold={hold.kind} data-hold-scope={hold.scope}>
            <p class="hold-head">
              {HEADS[hold.kind]}: {subjectOf(hold)}
            </p>
            <p>
              By {hold.who}, since <When at={hold.since} zone={zone} />.
              {hold.reason === '' ? null : <span class="hold-reason"> {hold.reason}</span>}
            </p>
            <Advice hold={hold} zone={zone} />
            <Elsewhere hold={hold} buttons={buttons} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const HEADS: Readonly<Record<HoldView['kind'], string>> = {
  paused: 'Paused',
  broken: 'Stopped by Tocsin',
  throttled: 'Waiting',
  moment: 'Its moment is in doubt',
  clock: 'Our clock is ahead of the networks’',
  restored: 'Restored from a backup',
};

function subjectOf({ scope, subject }: HoldView): string {
  switch (scope) {
    case 'campaign':
      return `campaign ${subject}`;
    case 'platform':
      return subject;
    case 'host':
      return `one server of ${subject}`;
    case 'instance':
      return 'the whole instance';
  }
}

function Advice({ hold, zone }: { hold: HoldView; zone: string }) {
  switch (hold.kind) {
    case 'paused':
      return <p>Nothing of it is sent until somebody resumes it.</p>;
    case 'broken':
      return (
        <p>
          {hold.subject} takes nothing from this app any more. Mend that at {hold.subject}: its
          credit, its permissions, its standing. Then resume it; until then nothing is sent there.
        </p>
      );
    case 'moment':
      return (
        <p>
          Nothing of it is sent until somebody decides:{' '}
          <a href={`/ops/campaigns/${encodeURIComponent(hold.subject)}#moment`}>keep or move it</a>.
        </p>
      );
    case 'clock':
      return (
        <p>
          It goes out when the networks’ own clocks show its moment
          {hold.until ? (
            <>
              , which is <When at={hold.until} zone={zone} /> by ours
            </>
          ) : null}
          . Set the clock of this machine right; resume it if you know better than they do.
        </p>
      );
    case 'throttled':
      return (
        <p>
          {hold.subject} is left alone
          {hold.until ? (
            <>
              {' '}
              until <When at={hold.until} zone={zone} />
            </>
          ) : null}
          . It goes on by itself; resuming does not shorten that.
        </p>
      );
    case 'restored':
      return (
        <>
          <p>
            Posts that were to go out since the backup may have gone out already. Tocsin looks for
            each of them at its network. What is found counts as posted, what is not there can still
            be sent, and what cannot be found out is never sent again. People who withdrew after the
            backup are in it again: check before you let sending go on.
          </p>
          <form method="post" action={hold.releaseAction ?? undefined}>
            <button class="button" type="submit">
              Let sending go on
            </button>
          </form>
        </>
      );
  }
}

/** The way to the page that has the buttons for this hold. */
function Elsewhere({ hold, buttons }: { hold: HoldView; buttons: HoldsProps['buttons'] }) {
  if (hold.kind === 'throttled' || hold.kind === 'moment' || hold.kind === 'restored') return null;
  const wide = hold.scope !== 'campaign';
  if (wide === (buttons === 'wide')) return null;
  const href = wide ? '/ops#stop' : `/ops/campaigns/${encodeURIComponent(hold.subject)}#stop`;
  return (
    <p>
      <a href={href}>Resume {subjectOf(hold)}</a>
    </p>
  );
}

function When({ at, zone }: { at: string; zone: string }) {
  return (
    <time datetime={at}>
      {dayAndClock('en', at, zone)} {zone}
    </time>
  );
}
