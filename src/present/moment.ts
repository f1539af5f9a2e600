import { Type } from 'typebox';
import { ageInDays, momentStanding } from '../actions/campaign/check-moment.ts';
import type { CampaignRecord } from '../actions/campaign/records.ts';
import type { Context } from '../context.ts';
import { InstantOrNull } from './instant.ts';

/** The rules of time zones that a moment goes by, in JSON. */
export const ZoneRulesJson = Type.Object(
  {
    version: Type.String({ description: 'The newest edition known here, such as 2026f' }),
    published: Type.Union([Type.Null(), Type.String()], {
      description: 'When it came out; ISO date',
    }),
    age_days: Type.Union([Type.Null(), Type.Integer()]),
    doubts: Type.Array(
      Type.Object({
        instant: InstantOrNull('Null: by these rules that wall time does not exist'),
        sources: Type.Array(Type.String(), { description: 'Such as `package 2026f`' }),
      }),
      {
        description:
          'Other instants that the rules give for this wall time. The campaign is held while there are any, until a person decides',
      },
    ),
  },
  { description: 'The rules of time zones as they are known now' },
);

export function zoneRulesJson(ctx: Pick<Context, 'zones' | 'clock'>, campaign: CampaignRecord) {
  const standing = momentStanding(ctx, campaign);
  return {
    version: standing.version,
    published: standing.published?.toISOString().slice(0, 10) ?? null,
    age_days: ageInDays(ctx, standing),
    doubts: standing.doubts.map(({ instant, sources }) => ({
      instant: instant?.toISOString() ?? null,
      sources: [...sources],
    })),
  };
}
