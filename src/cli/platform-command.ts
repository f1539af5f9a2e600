import { defineCommand } from 'citty';
import { acceptPlatform } from '../actions/platform/accept-platform.ts';
import {
  listPlatforms,
  type PlatformStanding,
  showPlatform,
} from '../actions/platform/list-platforms.ts';
import { withdrawAcceptance } from '../actions/platform/withdraw-acceptance.ts';
import { platformJson } from '../present/platform.ts';
import { actorName, print, UsageError, withContext } from './command.ts';
import { platformVerbs } from './stop-commands.ts';

const json = { type: 'boolean', description: 'One line of JSON', default: false } as const;
const as = {
  type: 'string',
  description: 'Your name, as it is to stand in the audit log',
  default: 'command line',
} as const;
const name = { type: 'positional', description: 'The platform’s name: x', required: true } as const;

const list = defineCommand({
  meta: { name: 'list', description: 'All platforms, and which of them supporters can join with' },
  args: { json },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const all = await listPlatforms(ctx);
      print(args.json, { platforms: all.map(platformJson) }, all.map(describePlatform));
    }),
});

const show = defineCommand({
  meta: { name: 'show', description: 'What a platform’s rules say, and who accepted them' },
  args: { name, json },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const platform = await showPlatform(ctx, { name: args.name });
      print(args.json, platformJson(platform), [describePlatform(platform), ...rulesOf(platform)]);
    }),
});

const accept = defineCommand({
  meta: {
    name: 'accept',
    description: 'Accept what a platform’s rules say, so that supporters can join with it',
  },
  args: {
    name,
    yes: { type: 'string', description: 'The same name once more: you have read what they say' },
    'as-of': { type: 'string', description: 'Instead: the date of what you have read' },
    as,
    json,
  },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const platform = await showPlatform(ctx, { name: args.name });
      const asOf = args['as-of'] ?? (args.yes === args.name ? platform.policy?.asOf : undefined);
      if (asOf === undefined && platform.policy && !platform.simulated) {
        print(args.json, platformJson(platform), [
          describePlatform(platform),
          ...rulesOf(platform),
        ]);
        throw new UsageError(
          `--yes: read what the rules say, and add --yes ${args.name} to accept them`,
        );
      }
      const order = { name: args.name, asOf: asOf ?? '', operator: actorName(args.as) };
      const { changed, platform: after } = await acceptPlatform(ctx, order);
      const said = changed ? 'accepted' : 'was accepted already';
      print(args.json, { changed, ...platformJson(after) }, [
        `${args.name}: ${said}`,
        ...rulesOf(after),
      ]);
    }),
});

const withdraw = defineCommand({
  meta: { name: 'withdraw', description: 'Take the acceptance back: nobody joins any more' },
  args: { name, as, json },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const order = { name: args.name, operator: actorName(args.as) };
      const { changed, platform } = await withdrawAcceptance(ctx, order);
      const said = changed
        ? 'withdrawn; what has been promised is still posted, unless you pause the platform'
        : 'was not accepted';
      print(args.json, { changed, ...platformJson(platform) }, [`${args.name}: ${said}`]);
    }),
});

export const platformCommand = defineCommand({
  meta: {
    name: 'platform',
    description: 'Platforms: list, show, accept, withdraw, pause, resume, abort',
  },
  subCommands: { list, show, accept, withdraw, ...platformVerbs },
});

/** How a platform stands, on one line. */
function describePlatform(platform: PlatformStanding): string {
  return `${platform.name}: ${standingOf(platform)}`;
}

function standingOf({ connected, simulated, acceptance, lapsed }: PlatformStanding): string {
  if (!connected) return 'not connected';
  if (simulated) return 'simulated, so there is nothing to accept; supporters can join with it';
  if (!acceptance) return 'connected; its rules have not been accepted, so nobody can join with it';
  const who = `accepted by ${acceptance.actor} on ${acceptance.at.toISOString()}`;
  return lapsed
    ? `connected; ${who}, which has lapsed, since its rules have been read anew; nobody can join with it`
    : `connected; ${who}; supporters can join with it`;
}

function rulesOf({ label, policy }: PlatformStanding): string[] {
  if (!policy) return [];
  return [
    `What the rules of ${label} say, read on ${policy.asOf} at ${policy.source}:`,
    ...policy.says.map((sentence) => `- ${sentence}`),
  ];
}
