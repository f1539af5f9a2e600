import type { TroubleKind } from '../../domain/health/platforms.ts';
import { clockToMillisecond, formatNumber } from '../format.ts';
import type { AppView, ReadinessView } from '../views/health.ts';

interface ReadinessProps {
  readiness: ReadinessView;
  zone: string;
}

/** Before the moment: how many grants were seen to work, how many owners have to connect again or may not post for now, and what the networks say of us. */
export function ReadinessFacts({ readiness, zone }: ReadinessProps) {
  const { ready, pledges, dead, barred, unchecked } = readiness;
  return (
    <section class="readiness" aria-label="Ready for the moment">
      <p class="tally-foot">
        <span>
          ready <strong data-ready={ready}>{formatNumber('en', ready)}</strong> of{' '}
          {formatNumber('en', pledges)}
        </span>
        {dead > 0 ? (
          <span class="alarm" data-dead={dead}>
            {formatNumber('en', dead)} must connect again
          </span>
        ) : null}
        {barred > 0 ? (
          <span class="alarm" data-barred={barred}>
            {formatNumber('en', barred)} may not post for now, by their networks
          </span>
        ) : null}
        {unchecked > 0 ? (
          <span data-unchecked={unchecked}>{formatNumber('en', unchecked)} not looked at yet</span>
        ) : null}
        {readiness.app.map((app) => (
          <App {...{ app, zone }} />
        ))}
      </p>
    </section>
  );
}

/** Behind the network's name. */
const TROUBLE: Readonly<Record<TroubleKind, string>> = {
  refused: 'does not take our app',
  silent: 'does not answer us',
  challenged: 'is behind a shield that keeps us out',
};

function App({ app, zone }: { app: AppView; zone: string }) {
  const clock = (instant: string) => clockToMillisecond('en', instant, zone).slice(0, -4);
  const rests = app.restsUntil ? `, looks again at ${clock(app.restsUntil)}` : '';
  const at = clock(app.checkedAt);
  return app.ok ? (
    <span data-app={app.label} data-app-ok="true">
      {app.label} takes our app (seen at {at}){rests}
    </span>
  ) : (
    <span class="alarm" data-app={app.label} data-app-ok="false">
      {app.label} {TROUBLE[app.trouble ?? 'refused']}: {app.detail} (seen at {at}){rests}
    </span>
  );
}
