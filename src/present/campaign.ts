import { Type } from 'typebox';
import type { CampaignRecord } from '../actions/campaign/records.ts';
import type { Context } from '../context.ts';
import { CAMPAIGN_STATES } from '../domain/campaign.ts';
import { Instant } from './instant.ts';
import { ZoneRulesJson, zoneRulesJson } from './moment.ts';

/** A campaign in JSON, wherever it is shown: over the API and on the command line. */
export const CampaignJson = Type.Object(
  {
    slug: Type.String(),
    state: Type.Enum([...CAMPAIGN_STATES]),
    url: Type.String({ description: 'The public page, once the campaign is approved' }),
    title: Type.Record(Type.String(), Type.String(), { description: 'By BCP 47 tag' }),
    locales: Type.Array(Type.String(), { description: 'BCP 47 tags; the first is the default' }),
    content_warning: Type.Union([Type.Null(), Type.Record(Type.String(), Type.String())], {
      description:
        'What stands before its posts on Mastodon, by BCP 47 tag; null where nothing does',
    }),
    goal: Type.Integer({ description: 'Pledges hoped for' }),
    moment: Type.Object({
      at: Type.String({ description: 'Wall time in the zone' }),
      zone: Type.String({ description: 'IANA zone' }),
      instant: Instant(),
      tzdata: Type.String({ description: 'Version of the zone rules that gave the instant' }),
      rules: ZoneRulesJson,
    }),
    closes: Instant('When joining closes'),
  },
  { title: 'Campaign' },
);

export function campaignJson(
  ctx: Pick<Context, 'baseUrl' | 'zones' | 'clock'>,
  campaign: CampaignRecord,
) {
  const { content, moment } = campaign;
  return {
    slug: campaign.slug,
    state: campaign.state,
    url: `${ctx.baseUrl}/c/${campaign.slug}`,
    title: { ...content.title },
    locales: [...content.locales],
    content_warning: content.contentWarning ? { ...content.contentWarning } : null,
    goal: content.goal,
    moment: {
      at: moment.wall,
      zone: moment.zone,
      instant: moment.instant.toISOString(),
      tzdata: moment.tzdata,
      rules: zoneRulesJson(ctx, campaign),
    },
    closes: campaign.lockAt.toISOString(),
  };
}
