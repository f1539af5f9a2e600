import { defineCommand } from 'citty';
import { approveCampaign } from '../actions/campaign/approve-campaign.ts';
import { createCampaign } from '../actions/campaign/create-campaign.ts';
import {
  CAMPAIGN_LISTS,
  type CampaignList,
  listCampaigns,
  MAX_PAGE,
} from '../actions/campaign/list-campaigns.ts';
import { showPreviews } from '../actions/campaign/show-previews.ts';
import { showDelivery } from '../actions/delivery/show-delivery.ts';
import { replaceFields } from '../domain/campaign-file/yaml-places.ts';
import { parseCampaignYaml } from '../domain/campaign-input.ts';
import { type MomentInput, momentAt, resolveMoment } from '../domain/moment.ts';
import { isMapping } from '../domain/schema-problems.ts';
import type { ZoneRules } from '../domain/zone/zone-rules.ts';
import { campaignJson } from '../present/campaign.ts';
import { shownCampaignJson } from '../present/delivery.ts';
import { previewJson } from '../present/preview.ts';
import { understoodJson } from '../present/understood.ts';
import { describeWarnings } from '../present/warnings.ts';
import {
  describeCampaign,
  describeNew,
  describePreview,
  describeRow,
  describeUnderstood,
} from './campaign-lines.ts';
import { actorName, print, UsageError, withContext } from './command.ts';
import { contentVerbs } from './content-commands.ts';
import { parseDuration } from './duration.ts';
import { momentCommand } from './moment-command.ts';
import { readText } from './read-file.ts';
import { campaignVerbs, describeHold } from './stop-commands.ts';

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
    occurrence: {
      type: 'string',
      description: 'earlier or later: which is meant, where clocks are put back and show it twice',
    },
    in: { type: 'string', description: 'The moment from now: 30s, 5m, 2h' },
    slug: { type: 'string', description: 'Slug instead of the file’s' },
    as,
    json,
  },
  run: async ({ args }) => {
    checkChanges(args);
    const file = parseCampaignYaml(await readText(args.file));
    await withContext(async (ctx) => {
      const document = withChanges(file, args, ctx.zones.current());
      const created = await createCampaign(ctx, { document, author: actorName(args.as) });
      const { campaign, previews, warnings, understood } = created;
      const more = {
        previews: previews.map(previewJson),
        warnings,
        understood: understoodJson(understood),
      };
      print(args.json, { ...campaignJson(ctx, campaign), ...more }, [
        ...describeCampaign(ctx, campaign),
        ...describeNew(understood),
        ...describeWarnings(warnings),
        `The texts again, for the platforms of that day: npm run tocsin -- campaign texts ${campaign.slug}`,
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
      const campaign = await approveCampaign(ctx, {
        slug: args.slug,
        operator: actorName(args.as),
      });
      const shown = campaignJson(ctx, campaign);
      print(args.json, shown, [
        ...describeCampaign(ctx, campaign),
        ...describeUnderstood(campaign),
        `Open at ${shown.url}`,
      ]);
    }),
});

const show = defineCommand({
  meta: { name: 'show', description: 'How a campaign stands' },
  args: { slug, json },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const report = await showDelivery(ctx, { slug: args.slug });
      const { campaign, pledges, totals } = report;
      print(args.json, shownCampaignJson(ctx, report), [
        ...describeCampaign(ctx, { ...campaign, state: report.state }, report.changed),
        `pledges ${pledges}`,
        ...describeUnderstood(campaign),
        ...Object.entries(totals).map(([state, count]) => `${state} ${count}`),
        ...report.holds.map(describeHold),
      ]);
    }),
});

const list = defineCommand({
  meta: { name: 'list', description: 'Campaigns, page by page' },
  args: {
    list: {
      type: 'string',
      description: `Which of them: ${CAMPAIGN_LISTS.join(', ')}`,
      default: 'all',
    },
    after: { type: 'string', description: 'Go on after this slug, the last of the page before' },
    limit: {
      type: 'string',
      description: `Campaigns on a page, at most ${MAX_PAGE}`,
      default: '50',
    },
    json,
  },
  run: async ({ args }) => {
    const place = {
      list: listOf(args.list),
      after: args.after ?? null,
      limit: limitOf(args.limit),
    };
    await withContext(async (ctx) => {
      const { campaigns, next } = await listCampaigns(ctx, place);
      const shown = campaigns.map(({ campaign, pledges }) => ({
        ...campaignJson(ctx, campaign),
        pledges,
      }));
      const lines = campaigns.map(({ campaign, pledges }) => describeRow(campaign, pledges));
      const more = `More: npm run tocsin -- campaign list --list ${place.list} --after ${next}`;
      print(args.json, { campaigns: shown, next }, [
        ...(lines.length === 0 ? ['no campaigns'] : lines),
        ...(next === null ? [] : [more]),
      ]);
    });
  },
});

const texts = defineCommand({
  meta: { name: 'texts', description: 'Every text of a campaign, on each platform it fits' },
  args: { slug, json },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const previews = await showPreviews(ctx, { slug: args.slug });
      const shown = { slug: args.slug, previews: previews.map(previewJson) };
      print(args.json, shown, previews.map(describePreview));
    }),
});

export const campaignCommand = defineCommand({
  meta: {
    name: 'campaign',
    description: 'Campaigns: what is on their page, approval, and how they stand',
  },
  subCommands: {
    create,
    approve,
    list,
    show,
    texts,
    moment: momentCommand,
    ...contentVerbs,
    ...campaignVerbs,
  },
});

const OCCURRENCES: readonly string[] = ['earlier', 'later'];

/** What of a campaign may be said on the command line, over what the file says. */
interface Changes {
  at?: string;
  zone?: string;
  occurrence?: string;
  in?: string;
  slug?: string;
}

function withChanges(document: unknown, changes: Changes, zones: ZoneRules): unknown {
  const campaign = document as Record<string, unknown>;
  const { slug } = changes;
  const moment = changedMoment(campaign.moment, changes, zones);
  const isKept = moment === campaign.moment;
  return replaceFields(campaign, {
    ...(isKept ? {} : { moment }),
    ...(slug === undefined ? {} : { slug }),
  });
}

/** @throws UsageError, before anything is opened. */
function checkChanges(changes: Changes): void {
  const { occurrence } = changes;
  if (occurrence !== undefined && !OCCURRENCES.includes(occurrence)) {
    throw new UsageError(`--occurrence: give one of ${OCCURRENCES.join(', ')}`);
  }
  if (changes.in === undefined) return;
  if (occurrence !== undefined) {
    throw new UsageError('--in, --occurrence: give one of them, not both');
  }
  if (changes.at !== undefined) throw new UsageError('--in, --at: give one of them, not both');
  parseDuration('--in', changes.in);
}

/** What is wrong with the file's own moment is left for the validator to say. @throws InputError */
function changedMoment(moment: unknown, changes: Changes, zones: ZoneRules): unknown {
  const { at, occurrence } = changes;
  const given = moment ?? {};
  if (!isMapping(given)) return moment;
  const zone = changes.zone ?? given.zone ?? 'UTC';
  if (changes.in !== undefined) {
    const inMs = parseDuration('--in', changes.in);
    return typeof zone === 'string' ? momentFromNow(inMs, zone, zones) : moment;
  }
  if (at === undefined && changes.zone === undefined && occurrence === undefined) return moment;
  // What the file says of an occurrence belongs to its own time and zone.
  const { occurrence: ofFile, ...rest } = given;
  const isMoved = at !== undefined || changes.zone !== undefined;
  const meant = occurrence ?? (isMoved ? undefined : ofFile);
  return {
    ...rest,
    zone,
    ...(at === undefined ? {} : { at }),
    ...(meant === undefined ? {} : { occurrence: meant }),
  };
}

function momentFromNow(inMs: number, zone: string, zones: ZoneRules): MomentInput {
  const now = new Date();
  const { wall, instant } = momentAt(new Date(now.getTime() + inMs), zone, zones, now);
  // Where that wall time exists twice, it says which of the two is meant.
  const earlier: MomentInput = { at: wall, zone, occurrence: 'earlier' };
  const meant = resolveMoment(earlier, zones).instant.getTime() === instant.getTime();
  return meant ? earlier : { ...earlier, occurrence: 'later' };
}

/** @throws UsageError */
function listOf(name: string): CampaignList {
  const found = CAMPAIGN_LISTS.find((one) => one === name);
  if (!found) throw new UsageError(`--list: give one of ${CAMPAIGN_LISTS.join(', ')}`);
  return found;
}

/** @throws UsageError */
function limitOf(text: string): number {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_PAGE) {
    throw new UsageError(`--limit: give a whole number from 1 to ${MAX_PAGE}`);
  }
  return limit;
}
