import { formatDuration, formatNumber } from '../format.ts';
import type { Translate } from '../i18n.ts';
import type { CurveBarView } from '../views/campaign.ts';

const WIDTH = 1000;
const HEIGHT = 160;

interface ArrivalProps {
  curve: readonly CurveBarView[];
  locale: string;
  t: Translate;
}

/** How the posts went out, from the moment on: one bar for each stretch of time. In words for those who cannot see it. */
export function Arrival({ curve, locale, t }: ArrivalProps) {
  const [first] = curve;
  const last = curve.at(-1);
  if (!first || !last) return null;
  const most = Math.max(...curve.map(({ posts }) => posts));
  const step = WIDTH / curve.length;
  const label = t('result.curve', {
    n: formatNumber(locale, most),
    width: formatDuration(locale, first.widthMs),
  });
  return (
    <figure class="arrival">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {curve.map(({ posts }, index) => (
          <Bar {...{ posts, most, index, step }} />
        ))}
      </svg>
      <p class="arrival-axis">
        <span>{t('campaign.moment')}</span>
        <span>{formatDuration(locale, last.fromMs + last.widthMs)}</span>
      </p>
      <figcaption>{label}</figcaption>
    </figure>
  );
}

function Bar(props: { posts: number; most: number; index: number; step: number }) {
  const { posts, most, index, step } = props;
  const round = (value: number) => Math.round(value * 10) / 10;
  const height = posts === 0 ? 0 : Math.max(2, (posts / most) * HEIGHT);
  return (
    <rect
      x={round(index * step)}
      y={round(HEIGHT - height)}
      width={round(step * 0.86)}
      height={round(height)}
    />
  );
}
