import { Type } from 'typebox';
import type { CampaignReadiness, DeliveryReport } from '../actions/delivery/show-delivery.ts';
import { CAMPAIGN_STATES } from '../domain/campaign.ts';
import { DELIVERY_STATES } from '../domain/delivery.ts';
import { TROUBLE_KINDS } from '../domain/health/platforms.ts';
import { REMINDER_STATES } from '../domain/reminder.ts';
import { CampaignJson, campaignJson } from './campaign.ts';
import { HoldJson, holdJson } from './hold.ts';
import { Instant, InstantOrNull } from './instant.ts';

const Lateness = Type.Union(
  [
    Type.Null(),
    Type.Object({
      first: Type.Number(),
      p50: Type.Number(),
      p99: Type.Number(),
      max: Type.Number(),
    }),
  ],
  { description: 'Milliseconds after the moment at which posts were sent; null while none was' },
);

const ReadinessJson = Type.Object({
  pledges: Type.Integer(),
  ready: Type.Integer({ description: 'Their permission was seen to work since preflight began' }),
  dead: Type.Integer({ description: 'Their owners have to connect again' }),
  barred: Type.Integer({
    description: 'Their networks do not let their accounts post for now; they are looked at again',
  }),
  unchecked: Type.Integer({ description: 'Not looked at yet' }),
  app: Type.Array(
    Type.Object({
      platform: Type.String(),
      ok: Type.Boolean({ description: 'The platform takes this instance’s app' }),
      trouble: Type.Union([Type.Enum([...TROUBLE_KINDS]), Type.Null()], {
        description:
          'refused: it does not take the app; silent: it gave no answer; challenged: a shield before it kept us out',
      }),
      detail: Type.String(),
      checked_at: Instant(),
      rests_until: InstantOrNull('It is asked again then'),
    }),
  ),
});

const AssistedJson = Type.Object(
  {
    posts: Type.Integer({ description: 'How many say that they posted by themselves' }),
    posts_seen: Type.Integer({
      description:
        'How many of those posts this instance could read; only these are counted in public',
    }),
    reminders: Type.Record(Type.Enum([...REMINDER_STATES]), Type.Integer()),
    lateness_ms: Lateness,
  },
  { description: 'What people do by themselves; in none of the other figures' },
);

const ResultJson = Type.Object({
  posted: Type.Integer(),
  not_posted: Type.Integer({ description: 'Refused or dropped' }),
  not_known: Type.Integer({ description: 'Nobody can say whether they are there' }),
  looking: Type.Integer({ description: 'Of those, how many are still looked for' }),
  still_to_come: Type.Integer({ description: 'They wait until a network takes them' }),
});

/** How the delivery of a campaign stands, in JSON. No supporter is named in it. */
export const DeliveryJson = Type.Object(
  {
    state: Type.Enum([...CAMPAIGN_STATES]),
    pledges: Type.Integer({ description: 'Those that are active' }),
    totals: Type.Record(Type.Enum([...DELIVERY_STATES]), Type.Integer()),
    result: Type.Union([Type.Null(), ResultJson], {
      description: 'Null until nothing is being sent any more',
    }),
    lateness_ms: Lateness,
    reasons: Type.Array(Type.Object({ reason: Type.String(), count: Type.Integer() })),
    holds: Type.Array(HoldJson, { description: 'What holds its posts now' }),
    readiness: Type.Union([Type.Null(), ReadinessJson], {
      description: 'Null from the moment on',
    }),
    assisted: AssistedJson,
  },
  { title: 'Delivery' },
);

export function deliveryJson(report: DeliveryReport) {
  return {
    state: report.state,
    pledges: report.pledges,
    totals: report.totals,
    result: report.state === 'settled' ? resultJson(report) : null,
    lateness_ms: report.lateness,
    reasons: [...report.reasons],
    holds: report.holds.map(holdJson),
    readiness: report.readiness && readinessJson(report.readiness),
    assisted: {
      posts: report.assisted.posts,
      posts_seen: report.assisted.seen,
      reminders: report.assisted.reminders,
      lateness_ms: report.assisted.lateness,
    },
  };
}

function resultJson({ totals, looking }: DeliveryReport) {
  return {
    posted: totals.posted,
    not_posted: totals.refused + totals.dropped,
    not_known: totals.unconfirmed,
    looking,
    still_to_come: totals.pending + totals.armed + totals.sending + totals.waiting,
  };
}

function readinessJson({ pledges, ready, dead, barred, unchecked, app }: CampaignReadiness) {
  return {
    pledges,
    ready,
    dead,
    barred,
    unchecked,
    app: app.map(({ platform, ok, trouble, detail, checkedAt, restsUntil }) => ({
      platform,
      ok,
      trouble,
      detail,
      checked_at: checkedAt.toISOString(),
      rests_until: restsUntil?.toISOString() ?? null,
    })),
  };
}

/** A campaign with how its delivery stands, in JSON. */
export const ShownCampaignJson = Type.Object({
  ...CampaignJson.properties,
  delivery: DeliveryJson,
});

export function shownCampaignJson(ctx: Parameters<typeof campaignJson>[0], report: DeliveryReport) {
  const { campaign, state } = report;
  return { ...campaignJson(ctx, { ...campaign, state }), delivery: deliveryJson(report) };
}
