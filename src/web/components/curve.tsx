import { formatNumber, momentWords } from '../format.ts';
import type { CurveBar, MomentView } from '../views.ts';

const WIDTH = 1000;
const HEIGHT = 220;
const TICKS = 5;

interface CurveProps {
  curve: readonly CurveBar[];
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
function Chart({ curve }: { curve: readonly CurveBar[] }) {
  const end = Math.max(...curve.map((bar) => bar.fromMs + bar.widthMs));
  const most = Math.max(1, ...curve.map((bar) => bar.posts));
  const ticks = Array.from({ length: TICKS }, (_, index) => (end * index) / (TICKS - 1));
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
          <Column bar={bar} end={end} most={most} />
        ))}
      </svg>
      <p class="chart-x">
        {ticks.map((tick) => (
          <span>{formatNumber('en', Math.round(tick))}</span>
        ))}
      </p>
    </div>
  );
}

function Column({ bar, end, most }: { bar: CurveBar; end: number; most: number }) {
  const round = (value: number) => Math.round(value * 100) / 100;
  const height = (bar.posts / most) * HEIGHT;
  return (
    <rect
      class="chart-bar"
      x={round((bar.fromMs / end) * WIDTH)}
      y={round(HEIGHT - height)}
      width={round((bar.widthMs / end) * WIDTH * 0.88)}
      height={round(height)}
    />
  );
}

function CurveTable({ curve }: { curve: readonly CurveBar[] }) {
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
