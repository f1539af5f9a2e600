import { defineCommand } from 'citty';
import { decideMoment } from '../actions/campaign/decide-moment.ts';
import { showDelivery } from '../actions/delivery/show-delivery.ts';
import { campaignJson } from '../present/campaign.ts';
import { describeCampaign } from './campaign-lines.ts';
import { actorName, print, UsageError, withContext } from './command.ts';

/** `campaign moment SLUG`: shows the instant and its rules, and decides where it is in doubt. */
export const momentCommand = defineCommand({
  meta: {
    name: 'moment',
    description:
      'What the rules of time zones make of a campaign’s moment, and whether somebody decided on it; decide where it is in doubt',
  },
  args: {
    slug: { type: 'positional', description: 'The campaign’s slug', required: true },
    keep: { type: 'boolean', description: 'Keep the instant that it is set for', default: false },
    move: {
      type: 'boolean',
      description:
        'Move it to the instant that its wall time has by the newest rules, or back to what was decided',
      default: false,
    },
    to: { type: 'string', description: 'Which instant to move to, where there are several' },
    as: {
      type: 'string',
      description: 'Your name, as it is to stand in the ledger and the audit log',
      default: 'command line',
    },
    json: { type: 'boolean', description: 'One line of JSON', default: false },
  },
  run: async ({ args }) => {
    if (args.keep && args.move) throw new UsageError('--keep, --move: give one of them, not both');
    if (args.to !== undefined && !args.move) throw new UsageError('--to: goes with --move');
    await withContext(async (ctx) => {
      const { campaign, changed } =
        args.keep || args.move
          ? { campaign: await decideMoment(ctx, decisionOf(args)), changed: null }
          : await showDelivery(ctx, { slug: args.slug });
      print(args.json, campaignJson(ctx, campaign), describeCampaign(ctx, campaign, changed));
    });
  },
});

function decisionOf(args: { slug: string; as: string; keep: boolean; to?: string }) {
  const { slug, keep, to } = args;
  const operator = actorName(args.as);
  const decision = keep ? ('keep' as const) : ('move' as const);
  return { slug, operator, decision, ...(to === undefined ? {} : { to }) };
}
