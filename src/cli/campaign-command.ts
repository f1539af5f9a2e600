import { defineCommand } from 'citty';
import { approveCampaign } from '../actions/approve-campaign.ts';
import { createCampaign } from '../actions/create-campaign.ts';
import type { CampaignRecord } from '../actions/records.ts';
import { showDelivery } from '../actions/show-delivery.ts';
import { holdAnswer } from '../actions/show-holds.ts';
import { type Preview, parseCampaignYaml } from '../domain/campaign-input.ts';
import { type MomentInput, momentAt, resolveMoment } from '../domain/moment.ts';
import { fits } from '../domain/preview.ts';
import { isMapping } from '../domain/shape.ts';
import { print, UsageError, withContext } from './command.ts';
import { contentVerbs } from './content-commands.ts';
import { parseDuration } from './duration.ts';
import { readText } from './read-file.ts';
import { campaignVerbs, describe as describeHold } from './stop-commands.ts';

const json = { type: 'boolean', description: 'One line of JSON', default: false } as const;
const as = {
  type: 'string',
  description: 'Your name, as it is to stand in the audit log',
  default: 'command line',
} as const;
const slug = { type: 'positional', description: 'The campaign’s slug', required: true } as const;

const create = defineCommand({
  meta: {
    name: 'create',
    description: 'Create a campaign from a YAML file; it waits for approval',
  },
  args: {
    file: { type: 'positional', description: 'YAML file', required: true },
    at: { type: 'string', description: 'Wall time instead of the file’s: 2027-07-10T11:00' },
    zone: { type: 'string', description: 'IANA zone instead of the file’s: Europe/Moscow' },
    in: { type: 'string', description: 'The moment from now: 30s, 5m, 2h' },
    slug: { type: 'string', description: 'Slug instead of the file’s' },
    as,
    json,
  },
  run: async ({ args }) => {
    const document = withChanges(parseCampaignYaml(await readText(args.file)), args);
    await withContext(async (ctx) => {
      const created = await createCampaign(ctx, { document, author: args.as });
      const { campaign, previews } = created;
      const url = `${ctx.baseUrl}/c/${campaign.slug}`;
      print(args.json, { ...summary(campaign), url, previews }, [
        ...describe(campaign),
        ...previews.map(describePreview),
        ...(campaign.content.picture
          ? [
              `Its picture is still to come: npm run tocsin -- campaign picture ${campaign.slug} FILE`,
            ]
          : []),
        `It waits for approval: npm run tocsin -- campaign approve ${campaign.slug}`,
      ]);
    });
  },
});

const approve = defineCommand({
  meta: { name: 'approve', description: 'Open a campaign to the public' },
  args: { slug, as, json },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const campaign = await approveCampaign(ctx, { slug: args.slug, operator: args.as });
      const url = `${ctx.baseUrl}/c/${campaign.slug}`;
      print(args.json, { ...summary(campaign), url }, [...describe(campaign), `Open at ${url}`]);
    }),
});

const show = defineCommand({
  meta: { name: 'show', description: 'How a campaign stands' },
  args: { slug, json },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const report = await showDelivery(ctx, { slug: args.slug });
      const { pledges, totals } = report;
      const holds = report.holds.map(holdAnswer);
      print(args.json, { ...summary(report.campaign), pledges, totals, holds }, [
        ...describe(report.campaign),
        `pledges ${pledges}`,
        ...Object.entries(totals).map(([state, count]) => `${state} ${count}`),
        ...report.holds.map(describeHold),
      ]);
    }),
});

export const campaignCommand = defineCommand({
  meta: {
    name: 'campaign',
    description: 'Campaigns: what is on their page, approval, and how they stand',
  },
  subCommands: { create, approve, show, ...contentVerbs, ...campaignVerbs },
});

/** What of a campaign may be said on the command line, over what the file says. */
interface Changes {
  at?: string;
  zone?: string;
  in?: string;
  slug?: string;
}

function withChanges(document: unknown, changes: Changes): unknown {
  const campaign = document as Record<string, unknown>;
  const { slug } = changes;
  const moment = changedMoment(campaign.moment, changes);
  return { ...campaign, moment, ...(slug === undefined ? {} : { slug }) };
}

/** What is wrong with the file's own moment is left for the validator to say. @throws UsageError, InputError */
function changedMoment(moment: unknown, changes: Changes): unknown {
  const { at } = changes;
  if (changes.in !== undefined && at !== undefined) {
    throw new UsageError('--in, --at: give one of them, not both');
  }
  const given = moment ?? {};
  if (!isMapping(given)) return moment;
  const zone = changes.zone ?? given.zone ?? 'UTC';
  if (changes.in !== undefined) {
    const inMs = parseDuration('--in', changes.in);
    return typeof zone === 'string' ? momentFromNow(inMs, zone) : moment;
  }
  if (at === undefined && changes.zone === undefined) return moment;
  return { ...given, zone, ...(at === undefined ? {} : { at }) };
}

function momentFromNow(inMs: number, zone: string): MomentInput {
  const { wall, instant } = momentAt(new Date(Date.now() + inMs), zone);
  // Where that wall time exists twice, it says which of the two is meant.
  const earlier: MomentInput = { at: wall, zone, occurrence: 'earlier' };
  const meant = resolveMoment(earlier).instant.getTime() === instant.getTime();
  return meant ? earlier : { ...earlier, occurrence: 'later' };
}

function summary(campaign: CampaignRecord) {
  return {
    slug: campaign.slug,
    state: campaign.state,
    moment: campaign.moment.instant.toISOString(),
    zone: campaign.moment.zone,
  };
}

function describe(campaign: CampaignRecord): string[] {
  const { wall, zone, instant } = campaign.moment;
  return [
    `${campaign.slug}: ${campaign.state.replaceAll('_', ' ')}`,
    `moment ${wall} ${zone}, which is ${instant.toISOString()}`,
  ];
}

function describePreview(preview: Preview): string {
  const { locale, variant, label, length, limit } = preview;
  const over = fits(preview) ? '' : `, too long, so ${label} is not offered for it`;
  const which = variant === 0 ? locale : `${locale}, variant ${variant},`;
  const head = `${which} on ${label}, ${length} of ${limit}${over}:`;
  return `${head}\n  ${preview.text.replaceAll('\n', '\n  ')}`;
}
