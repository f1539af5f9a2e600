import { dayAndClock } from '../format.ts';
import type { FindingView } from '../views/health.ts';

interface FindingsProps {
  findings: readonly FindingView[];
  zone: string;
}

/** What /readyz names, with what it is about and what to do. Nothing where all is well. */
export function Findings({ findings, zone }: FindingsProps) {
  if (findings.length === 0) return null;
  return (
    <section class="holds findings" aria-label="Not as it should be">
      <ul>
        {findings.map((finding) => (
          <li class="hold" data-finding={finding.check} data-level={finding.level}>
            <p class="hold-head">
              {finding.level === 'red' ? 'Red' : 'Look after this'}: {finding.what}
            </p>
            <p>
              Since{' '}
              <time datetime={finding.since}>
                {dayAndClock('en', finding.since, zone)} {zone}
              </time>
              {finding.about.length > 0 ? <>; it is about {finding.about.join(', ')}</> : null}.
            </p>
            <p>{finding.mend}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
