import { defineCommand } from 'citty';
import { abortSending } from '../actions/stop/abort-sending.ts';
import { pauseSending } from '../actions/stop/pause-sending.ts';
import { releaseRestored } from '../actions/stop/release-restored.ts';
import { resumeSending } from '../actions/stop/resume-sending.ts';
import { showHolds } from '../actions/stop/show-holds.ts';
import type {
  StandingHold,
  StopOrder,
  StopResult,
  StopScope,
} from '../actions/stop/stop-target.ts';
import { holdJson } from '../present/hold.ts';
import { actorName, print, UsageError, withContext } from './command.ts';
import { seizedCommand } from './seizure-command.ts';

const json = { type: 'boolean', description: 'One line of JSON', default: false } as const;
const as = {
  type: 'string',
  description: 'Your name, as it is to stand in the ledger and the audit log',
  default: 'command line',
} as const;
const reason = {
  type: 'string',
  description: 'Why, for other operators and for the ledger',
  default: '',
} as const;
const yes = {
  type: 'string',
  description: 'The same name once more, since an abort cannot be taken back',
} as const;

type Given = { as: string; reason: string; json: boolean; yes?: string };

const platform = { name: positional('The platform’s name: x') };

/** `platform pause|resume|abort NAME`. */
export const platformVerbs = verbsFor('platform', platform, (args) => args.name);

const show = defineCommand({
  meta: { name: 'show', description: 'What is held now, and by whom' },
  args: { json },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const holds = await showHolds(ctx);
      const lines = holds.length === 0 ? ['nothing is held'] : holds.map(describeHold);
      print(args.json, { holds: holds.map(holdJson) }, lines);
    }),
});

const release = defineCommand({
  meta: { name: 'release', description: 'Let sending go on after a restore from a backup' },
  args: { reason, as, json },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const result = await releaseRestored(ctx, { actor: actorName(args.as), reason: args.reason });
      const done = result.changed ? 'sending goes on' : 'nothing was held for a restore';
      const order = { scope: 'instance', subject: 'instance', actor: actorName(args.as) } as const;
      report(args, order, result, [`instance: ${done}`]);
    }),
});

export const instanceCommand = defineCommand({
  meta: {
    name: 'instance',
    description: 'The whole instance: pause, resume, abort, release, show, seized',
  },
  subCommands: {
    ...verbsFor('instance', {}, () => 'instance'),
    release,
    show,
    seized: seizedCommand,
  },
});

/** `campaign pause|resume|abort SLUG`. */
export const campaignVerbs = verbsFor(
  'campaign',
  { slug: positional('The campaign’s slug') },
  (args) => args.slug,
);

function positional(description: string) {
  return { type: 'positional', description, required: true } as const;
}

/** The three verbs of one scope; `subjectOf` finds whom they are about in the arguments. */
function verbsFor<P extends Record<string, ReturnType<typeof positional>>>(
  scope: StopScope,
  subject: P,
  subjectOf: (args: Record<keyof P, string>) => string,
) {
  // citty does not follow the type of arguments that are put together here.
  const by = (act: (order: StopOrder, args: Given) => Promise<void>) => {
    return async ({ args }: { args: object }): Promise<void> => {
      const given = args as Given;
      const subject = subjectOf(args as Record<keyof P, string>);
      await act({ scope, subject, actor: actorName(given.as), reason: given.reason }, given);
    };
  };
  const pause = defineCommand({
    meta: { name: 'pause', description: 'Stop sending, at once, until somebody resumes' },
    args: { ...subject, reason, as, json },
    run: by(pauseBy),
  });
  const resume = defineCommand({
    meta: { name: 'resume', description: 'Let sending go on' },
    args: { ...subject, reason, as, json },
    run: by(resumeBy),
  });
  const abort = defineCommand({
    meta: { name: 'abort', description: 'Stop for good: what has not been sent never is' },
    args: { ...subject, yes, reason, as, json },
    run: by(abortBy),
  });
  return { pause, resume, abort };
}

async function pauseBy(order: StopOrder, args: Given): Promise<void> {
  await withContext(async (ctx) => {
    const result = await pauseSending(ctx, order);
    const done = result.changed ? 'paused' : 'was paused already';
    report(args, order, result, [`${order.subject}: ${done}`]);
  });
}

async function resumeBy(order: StopOrder, args: Given): Promise<void> {
  await withContext(async (ctx) => {
    const result = await resumeSending(ctx, order);
    const done = result.changed ? 'resumed' : 'was not paused';
    report(args, order, result, [`${order.subject}: ${done}`]);
  });
}

async function abortBy(order: StopOrder, args: Given): Promise<void> {
  const confirm = args.yes ?? '';
  if (confirm !== order.subject) {
    throw new UsageError(
      `--yes: an abort cannot be taken back; add --yes ${order.subject} to go on`,
    );
  }
  await withContext(async (ctx) => {
    const result = await abortSending(ctx, { ...order, confirm });
    const { changed, campaigns, dropped } = result;
    const done = changed ? `aborted, ${dropped} posts dropped` : 'there was nothing left to abort';
    const ended = campaigns.length > 0 ? [`ended: ${campaigns.join(', ')}`] : [];
    report(args, order, result, [`${order.subject}: ${done}`, ...ended], { campaigns, dropped });
  });
}

function report(
  args: Given,
  order: StopOrder,
  { changed, holds }: StopResult,
  lines: readonly string[],
  more: object = {},
): void {
  const { scope, subject } = order;
  const said = { scope, subject, changed, ...more, holds: holds.map(holdJson) };
  print(args.json, said, [...lines, ...holds.map(describeHold)]);
}

/** A hold on one line. */
export function describeHold(hold: StandingHold): string {
  const { scope, subject, kind, actor, reason: why } = hold;
  const what = scope === 'instance' ? 'the instance' : `${scope} ${subject}`;
  const until = hold.until ? ` until ${hold.until.toISOString()}` : '';
  const because = why === '' ? '' : `: ${why}`;
  return `held: ${what} is ${kind} by ${actor} since ${hold.at.toISOString()}${until}${because}`;
}
