import { CLOCK_ALARM_MS } from '../../domain/network-time.ts';
import { formatMilliseconds, formatNumber } from '../format.ts';
import type { DeliveryFigures } from '../views/delivery.ts';

/** From here on a clock is far enough off for an operator to look after it (DESIGN section 5). */
const OFFSET_WARNING_MS = 100;
/** A worker reports every few seconds; one that is silent for longer is likely dead. */
const SILENCE_WARNING_S = 15;

type Worker = DeliveryFigures['workers'][number];

/** Workers that an operator should look at: silent, or with a clock that is off. */
export function workersInTrouble(workers: readonly Worker[]): number {
  return workers.filter((worker) => isOff(worker) || isSilent(worker) || worker.networkOff).length;
}

function isOff(worker: Worker): boolean {
  return Math.abs(worker.clockOffsetMs) > OFFSET_WARNING_MS;
}

function isSilent(worker: Worker): boolean {
  return worker.seenSecondsAgo > SILENCE_WARNING_S;
}

/** Each worker process: when it was last heard of, and how far its clock is from the database's. */
export function WorkerList({ workers }: { workers: readonly Worker[] }) {
  const newest =
    workers
      .map(({ zoneRules = '' }) => zoneRules)
      .toSorted()
      .at(-1) ?? '';
  return (
    <section class="workers">
      <h2 class="rubric">Workers</h2>
      {workers.length === 0 ? (
        <p class="alarm">No worker is running. Nothing will be sent.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Worker</th>
              <th scope="col">Heard of</th>
              <th scope="col">Clock</th>
              <th scope="col">The networks’ clocks</th>
              <th scope="col">Zone rules</th>
            </tr>
          </thead>
          <tbody>
            {workers.map((worker) => (
              <Row worker={worker} newest={newest} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Row({ worker, newest }: { worker: Worker; newest: string }) {
  const off = isOff(worker);
  const { zoneRules = '' } = worker;
  const silent = isSilent(worker);
  const offset = formatMilliseconds(worker.clockOffsetMs);
  return (
    <tr
      data-worker={worker.name}
      data-warning={off || silent || worker.networkOff ? 'true' : undefined}
      data-clock-off={off || worker.networkOff ? '' : undefined}
    >
      <th scope="row">{worker.name}</th>
      <td
        class={silent ? 'alarm' : undefined}
        data-seen={worker.seenSecondsAgo}
        data-silent-after={SILENCE_WARNING_S}
      >
        {formatNumber('en', Math.round(worker.seenSecondsAgo))} s ago{silent ? ', silent' : ''}
      </td>
      <td class={off ? 'alarm' : undefined} data-offset={worker.clockOffsetMs}>
        {worker.clockOffsetMs > 0 ? '+' : ''}
        {offset} ms{off ? ', clock is off' : ''}
      </td>
      <Networks worker={worker} />
      <td class={zoneRules < newest ? 'alarm' : undefined}>
        {zoneRules || '–'}
        {zoneRules < newest ? ', older than elsewhere' : ''}
      </td>
    </tr>
  );
}

/** How far the networks' own clocks are from ours; a difference of servers that supporters name is no proof. */
function Networks({ worker }: { worker: Worker }) {
  const { networkOffsetMs = null, namedOffsetMs = null, networkOff = false } = worker;
  const offset = networkOffsetMs ?? namedOffsetMs;
  if (offset === null) return <td>–</td>;
  const doubtful = networkOffsetMs === null && Math.abs(offset) >= CLOCK_ALARM_MS;
  return (
    <td class={networkOff ? 'alarm' : undefined} data-network-offset={offset}>
      {seconds(offset)}
      {networkOff ? (offset < 0 ? ', ours is ahead' : ', ours is behind') : ''}
      {doubtful ? ', say servers that supporters named' : ''}
    </td>
  );
}

/** +0.3 s; a Date is told in whole seconds, so no more than a tenth is known. */
function seconds(ms: number): string {
  const tenths = Math.round(ms / 100) / 10 || 0;
  return `${tenths > 0 ? '+' : ''}${formatNumber('en', tenths).replace('-', '\u2212')} s`;
}
