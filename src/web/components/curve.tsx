import { formatMilliseconds, formatNumber, momentWords } from '../format.ts';
import type { CurveBarView, MomentView } from '../views/campaign.ts';

const WIDTH = 1000;
const HEIGHT = 220;
/** Marks on the axis, but for the first. */
const STEPS = 4;
const COUNTED_IN = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
const MIN_BARS = 20;

interface CurveProps {
  curve: readonly CurveBarView[];
  moment: MomentView;
}

/** The burst: posts by time after the moment, as bars with axes, and the same as a table. */
export function Curve({ curve, moment }: CurveProps) {
  const width = curve[0]?.widthMs ?? 0;
  const { time } = momentWords('en', moment);
  return (
    <section class="curve">
      <h2 class="rubric">The burst</h2>
      {curve.length === 0 ? (
        <p class="none">Nothing has been sent yet.</p>
      ) : (
        <>
          <p class="curve-caption">
            Posts in each {formatNumber('en', width)} ms, by milliseconds after {time}
          </p>
          <Chart curve={curve} />
          <CurveTable curve={curve} />
        </>
      )}
    </section>
  );
}

/** The labels are text beside the SVG, so that they keep their size when the bars are stretched. */
function Chart({ curve }: { curve: readonly CurveBarView[] }) {
  const axis = axisOf(curve);
  const most = Math.max(1, ...curve.map((bar) => bar.posts));
  const ticks = Array.from({ length: STEPS + 1 }, (_, index) => axis.from + axis.step * index);
  return (
    <div class="chart" aria-hidden="true">
      <p class="chart-y">
        <span>{formatNumber('en', most)}</span>
        <span>0</span>
      </p>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {[0, 0.5, 1].map((share) => (
          <line class="chart-line" x2={WIDTH} y1={HEIGHT * share} y2={HEIGHT * share} />
        ))}
        {curve.map((bar) => (
          <Column bar={bar} axis={axis} most={most} />
        ))}
      </svg>
      <p class="chart-x">
        {ticks.map((tick) => (
          <span>{formatMilliseconds(tick)}</span>
        ))}
      </p>
    </div>
  );
}

/** An axis that begins at the moment, or before it if anything did, and whose marks are numbers that people count in. */
function axisOf(curve: readonly CurveBarView[]): { from: number; step: number } {
  const from = Math.min(0, ...curve.map((bar) => bar.fromMs));
  const end = Math.max(...curve.map((bar) => bar.fromMs + bar.widthMs));
  // A burst of a few milliseconds is drawn as the spike that it is, not as a wall.
  const least = (curve[0]?.widthMs ?? 1) * MIN_BARS;
  const wanted = Math.max(end - from, least) / STEPS;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = COUNTED_IN.find((unit) => unit * power >= wanted) ?? 10;
  return { from, step: step * power };
}

interface ColumnProps {
  bar: CurveBarView;
  axis: { from: number; step: number };
  most: number;
}

function Column({ bar, axis, most }: ColumnProps) {
  const round = (value: number) => Math.round(value * 100) / 100;
  const perMs = WIDTH / (axis.step * STEPS);
  const height = (bar.posts / most) * HEIGHT;
  return (
    <rect
      class={bar.fromMs < 0 ? 'chart-bar chart-early' : 'chart-bar'}
      x={round((bar.fromMs - axis.from) * perMs)}
      y={round(HEIGHT - height)}
      width={round(bar.widthMs * perMs * 0.88)}
      height={round(height)}
    />
  );
}

function CurveTable({ curve }: { curve: readonly CurveBarView[] }) {
  return (
    <details id="curve-table">
      <summary id="curve-summary">The same as a table</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">From, ms</th>
            <th scope="col">To, ms</th>
            <th scope="col">Posts</th>
          </tr>
        </thead>
        <tbody>
          {curve.map((bar) => (
            <tr>
              <td>{formatNumber('en', bar.fromMs)}</td>
              <td>{formatNumber('en', bar.fromMs + bar.widthMs)}</td>
              <td>{formatNumber('en', bar.posts)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
