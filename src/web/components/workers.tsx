import { formatMilliseconds, formatNumber } from '../format.ts';
import type { DeliveryFigures } from '../views.ts';

/** From here on a clock is far enough off for an operator to look after it (DESIGN section 5). */
const OFFSET_WARNING_MS = 100;
/** A worker reports every few seconds; one that is silent for longer is likely dead. */
const SILENCE_WARNING_S = 15;

type Worker = DeliveryFigures['workers'][number];

/** Workers that an operator should look at: silent, or with a clock that is off. */
export function workersInTrouble(workers: readonly Worker[]): number {
  return workers.filter((worker) => isOff(worker) || isSilent(worker)).length;
}

function isOff(worker: Worker): boolean {
  return Math.abs(worker.clockOffsetMs) > OFFSET_WARNING_MS;
}

function isSilent(worker: Worker): boolean {
  return worker.seenSecondsAgo > SILENCE_WARNING_S;
}

/** Each worker process: when it was last heard of, and how far its clock is from the database's. */
export function Workers({ workers }: { workers: readonly Worker[] }) {
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
            </tr>
          </thead>
          <tbody>
            {workers.map((worker) => (
              <Row worker={worker} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Row({ worker }: { worker: Worker }) {
  const off = isOff(worker);
  const silent = isSilent(worker);
  const offset = formatMilliseconds(worker.clockOffsetMs);
  return (
    <tr
      data-worker={worker.name}
      data-warning={off || silent ? 'true' : undefined}
      data-clock-off={off ? '' : undefined}
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
    </tr>
  );
}
