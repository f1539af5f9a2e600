import type { AssistedFiguresView as Figures } from '../assisted-figures.ts';
import { formatMilliseconds, formatNumber } from '../format.ts';

const STATES = ['unconfirmed', 'confirmed', 'sent', 'failed', 'dropped'] as const;
const TROUBLE: readonly string[] = ['failed', 'dropped'];

/** What people do by themselves, apart from everything that is posted by API. */
export function AssistedFigures({ figures }: { figures: Figures }) {
  const { posts, reminders, lateness } = figures;
  return (
    <section class="totals assisted-figures">
      <h2 class="rubric">By themselves, counted apart</h2>
      <dl>
        <Figure name="say they posted" id="posts" value={posts} />
        {reminders
          ? STATES.map((state) => (
              <Figure
                name={`reminders ${state}`}
                id={state}
                value={reminders[state] + (state === 'unconfirmed' ? reminders.asked : 0)}
                trouble={TROUBLE.includes(state)}
              />
            ))
          : null}
        {lateness
          ? (['p50', 'p99'] as const).map((key) => (
              <div class="total">
                <dt>mail {key}, ms</dt>
                <dd>
                  <strong data-mail-lateness={key} data-value={lateness[key]}>
                    {formatMilliseconds(lateness[key])}
                  </strong>
                </dd>
              </div>
            ))
          : null}
      </dl>
    </section>
  );
}

function Figure(props: { name: string; id: string; value: number; trouble?: boolean }) {
  const { name, id, value, trouble = false } = props;
  const weight = value === 0 ? 'total total-none' : 'total';
  return (
    <div class={trouble && value > 0 ? 'total total-trouble' : weight}>
      <dt>{name}</dt>
      <dd>
        <strong data-assisted={id} data-value={value}>
          {formatNumber('en', value)}
        </strong>
      </dd>
    </div>
  );
}
