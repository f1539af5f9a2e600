import {
  DELIVERY_STATES,
  type DeliveryState,
  deliveryStatesIn,
  STILL_TO_GO,
} from '../../domain/delivery.ts';
import { clockToMillisecond, clockToSecond, formatMilliseconds, formatNumber } from '../format.ts';
import type { MomentView } from '../views/campaign.ts';
import type { DeliveryFigures } from '../views/delivery.ts';
import { AssistedFigures } from './assisted-figures.tsx';
import { Curve } from './curve.tsx';
import { Findings } from './findings.tsx';
import { Holds } from './holds.tsx';
import { ReadinessFacts } from './readiness.tsx';
import { StateName } from './state-name.tsx';
import { WorkerList, workersInTrouble } from './workers.tsx';

interface FiguresProps {
  figures: DeliveryFigures;
  moment: MomentView;
}

const NOT_POSTED = deliveryStatesIn('failed', 'doubt', 'withdrawn');
/** States that need an operator's attention when they are not empty. */
const TROUBLE = deliveryStatesIn('failed', 'doubt');

/** Everything on the delivery page that moves. */
export function Figures({ figures, moment }: FiguresProps) {
  return (
    <>
      <Findings findings={figures.findings} zone={moment.zone} />
      <Holds holds={figures.holds} zone={moment.zone} buttons="campaign" />
      {figures.readiness ? (
        <ReadinessFacts readiness={figures.readiness} zone={moment.zone} />
      ) : null}
      <Tally figures={figures} moment={moment} />
      <div class="totals-groups">
        <Totals title="Still to go" states={STILL_TO_GO} figures={figures} />
        <Totals title="Not posted" states={NOT_POSTED} figures={figures} />
      </div>
      <Lateness figures={figures} />
      <AssistedFigures figures={figures.assisted} />
      <Curve curve={figures.curve} moment={moment} />
      <div class="details-groups">
        <Reasons figures={figures} />
        <WorkerList workers={figures.workers} />
      </div>
    </>
  );
}

function sum(figures: DeliveryFigures, states: readonly DeliveryState[]): number {
  return states.reduce((total, state) => total + figures.totals[state], 0);
}

function Tally({ figures, moment }: FiguresProps) {
  const deliveries = sum(figures, DELIVERY_STATES);
  const whole = deliveries || figures.pledges;
  const at = clockToMillisecond('en', figures.at, moment.zone).slice(0, -2);
  return (
    <section class="tally" aria-label="Posted so far" data-figures-state={figures.state}>
      <p class="tally-line">
        <span class="tally-posted">
          <Total state="posted" value={figures.totals.posted} />
        </span>{' '}
        <span class="tally-of">
          posted of <span data-whole={whole}>{formatNumber('en', whole)}</span>
          {deliveries > 0 ? null : ' pledged'}
        </span>
      </p>
      <Bar figures={figures} whole={whole} />
      <p class="tally-foot">
        <StateName state={figures.state} />
        <Trouble figures={figures} />
        <Doubt figures={figures} />
        <WorkerSummary workers={figures.workers} />
        <span>
          <span data-pledges={figures.pledges}>{formatNumber('en', figures.pledges)}</span> pledges
        </span>
        <span>
          Figures of{' '}
          <time
            datetime={figures.at}
            data-figures-at={clockToSecond('en', figures.at, moment.zone)}
          >
            {at}
          </time>
        </span>
      </p>
    </section>
  );
}

/** Said at the top and in words, because a share of a bar may be thinner than a line. */
function Trouble({ figures }: { figures: DeliveryFigures }) {
  return TROUBLE.filter((state) => figures.totals[state] > 0).map((state) => (
    <span class="alarm">
      {formatNumber('en', figures.totals[state])} {state}
    </span>
  ));
}

/** The result stands while posts are still looked for, or wait; what that leaves open is said beside it. */
function Doubt({ figures }: { figures: DeliveryFigures }) {
  if (figures.state !== 'settled') return null;
  const { totals, looking } = figures;
  const later = sum(figures, STILL_TO_GO);
  return (
    <>
      {totals.unconfirmed > 0 ? (
        <span data-not-known={totals.unconfirmed}>
          {formatNumber('en', totals.unconfirmed)} not known
          {looking > 0 ? `, ${formatNumber('en', looking)} still looked for` : ''}
        </span>
      ) : null}
      {later > 0 ? <span>{formatNumber('en', later)} still to come</span> : null}
    </>
  );
}

/** Said at the top, because the table of workers is at the foot of the page. */
function WorkerSummary({ workers }: { workers: DeliveryFigures['workers'] }) {
  const { length } = workers;
  if (length === 0) return <span class="alarm">No worker is running</span>;
  const trouble = workersInTrouble(workers);
  // The script counts the ages on, and says it again by the same words.
  const words = {
    'data-workers': length,
    'data-well': length === 1 ? '1 worker, all well' : `${length} workers, all well`,
    'data-trouble': `%n of ${length} workers need a look`,
    'data-unknown': length === 1 ? '1 worker at %t' : `${length} workers at %t`,
  };
  return (
    <span class={trouble > 0 ? 'alarm' : undefined} {...words}>
      {trouble > 0 ? words['data-trouble'].replace('%n', String(trouble)) : words['data-well']}
    </span>
  );
}

function Total({ state, value }: { state: DeliveryState; value: number }) {
  return (
    <strong data-total={state} data-value={value}>
      {formatNumber('en', value)}
    </strong>
  );
}

/** Posted, then what went wrong, then what is on its way; the rest of the track is still to go, or withdrawn. */
function Bar({ figures, whole }: { figures: DeliveryFigures; whole: number }) {
  const share = (value: number) => (whole > 0 ? (value / whole) * 1000 : 0);
  const posted = share(figures.totals.posted);
  const ended = share(sum(figures, TROUBLE));
  const moving = share(figures.totals.sending + figures.totals.waiting);
  return (
    <svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar-track" width="1000" height="10" />
      <rect class="bar-posted" width={posted} height="10" />
      <rect class="bar-ended" x={posted} width={ended} height="10" />
      <rect class="bar-moving" x={posted + ended} width={moving} height="10" />
    </svg>
  );
}

interface TotalsProps {
  title: string;
  states: readonly DeliveryState[];
  figures: DeliveryFigures;
}

function Totals({ title, states, figures }: TotalsProps) {
  return (
    <section class="totals">
      <h2 class="rubric">
        {title} <span class="rubric-figure">{formatNumber('en', sum(figures, states))}</span>
      </h2>
      <dl>
        {states.map((state) => {
          const value = figures.totals[state];
          const trouble = value > 0 && TROUBLE.includes(state);
          const weight = value === 0 ? 'total total-none' : 'total';
          return (
            <div class={trouble ? 'total total-trouble' : weight}>
              <dt>{state}</dt>
              <dd>
                <Total state={state} value={value} />
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}

function Lateness({ figures }: { figures: DeliveryFigures }) {
  const early = (figures.lateness?.first ?? 0) < 0;
  const names = {
    first: early ? 'first post: before the moment' : 'first post',
    p50: 'half by (p50)',
    p99: '99 % by (p99)',
    max: 'last post',
  };
  const keys = ['first', 'p50', 'p99', 'max'] as const;
  return (
    <section class="totals lateness">
      <h2 class="rubric">Milliseconds after the moment</h2>
      <dl>
        {keys.map((key) => {
          const value = figures.lateness?.[key];
          const trouble = value !== undefined && value < 0;
          const weight = value === undefined ? 'total total-none' : 'total';
          return (
            <div class={trouble ? 'total total-trouble' : weight}>
              <dt>{names[key]}</dt>
              <dd>
                <strong data-lateness={key} data-value={value}>
                  {value === undefined ? '–' : formatMilliseconds(value)}
                </strong>
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}

function Reasons({ figures }: { figures: DeliveryFigures }) {
  return (
    <section class="reasons">
      <h2 class="rubric">Refused, by reason</h2>
      {figures.reasons.length === 0 ? <p class="none">None.</p> : null}
      <dl class="ledger">
        {figures.reasons.map(({ reason, count }) => (
          <div>
            <dt>{reason.replaceAll('_', ' ')}</dt>
            <dd data-reason={reason} data-value={count}>
              {formatNumber('en', count)}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
