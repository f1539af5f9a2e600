import { Type } from 'typebox';
import type { StandingHold } from '../actions/stop/stop-target.ts';
import { Instant, InstantOrNull } from './instant.ts';

/** What holds posts now, in JSON. */
export const HoldJson = Type.Object(
  {
    scope: Type.Enum(['campaign', 'platform', 'host', 'instance']),
    subject: Type.String({ description: 'A campaign’s slug, a platform’s name, or `instance`' }),
    kind: Type.Enum(['paused', 'broken', 'throttled', 'moment', 'clock', 'restored'], {
      description:
        'Paused by an operator; broken: stopped at an answer that an operator has to mend; throttled: left alone for a while, since the platform asked for that or a shield before it let no request in; restored: the database was restored from a backup',
    }),
    who: Type.String({ description: 'The operator, `key:NAME`, or `tocsin` itself' }),
    since: Instant(),
    until: InstantOrNull('It ends by itself then; null: only when it is resumed'),
    reason: Type.String(),
  },
  { title: 'Hold' },
);

export function holdJson(hold: StandingHold) {
  return {
    scope: hold.scope,
    subject: hold.subject,
    kind: hold.kind,
    who: hold.actor,
    since: hold.at.toISOString(),
    until: hold.until?.toISOString() ?? null,
    reason: hold.reason,
  };
}
