import { defineCommand } from 'citty';
import { postUpdate } from '../actions/campaign/post-update.ts';
import type { CampaignUpdateRecord } from '../actions/campaign/records.ts';
import { setPicture } from '../actions/campaign/set-picture.ts';
import { showUpdates } from '../actions/campaign/show-updates.ts';
import { withdrawUpdate } from '../actions/campaign/withdraw-update.ts';
import { parseUpdateYaml } from '../domain/campaign-update.ts';
import { pictureJson } from '../present/picture.ts';
import { updateJson } from '../present/update.ts';
import { describeWarnings } from '../present/warnings.ts';
import { actorName, print, withContext } from './command.ts';
import { readBytes, readText } from './read-file.ts';

const json = { type: 'boolean', description: 'One line of JSON', default: false } as const;
const as = {
  type: 'string',
  description: 'Your name, as it is to stand in the audit log',
  default: 'command line',
} as const;
const slug = { type: 'positional', description: 'The campaign’s slug', required: true } as const;

const picture = defineCommand({
  meta: { name: 'picture', description: 'Give a campaign its picture, before it is approved' },
  args: {
    slug,
    file: { type: 'positional', description: 'JPEG, PNG or WebP file', required: true },
    as,
    json,
  },
  run: async ({ args }) => {
    const bytes = await readBytes(args.file);
    await withContext(async (ctx) => {
      const set = await setPicture(ctx, { slug: args.slug, bytes, author: actorName(args.as) });
      const shown = pictureJson(ctx, set);
      const lines = shown.picture.map(({ width, height, url }) => `${width} by ${height}: ${url}`);
      print(args.json, shown, [
        `${args.slug}: it has this picture now, without what the file told of place and camera`,
        ...lines,
      ]);
    });
  },
});

const update = defineCommand({
  meta: { name: 'update', description: 'Post an update on a campaign’s page, at once' },
  args: {
    slug,
    file: {
      type: 'positional',
      description: 'YAML file with `text` in the campaign’s languages',
      required: true,
    },
    as,
    json,
  },
  run: async ({ args }) => {
    const document = parseUpdateYaml(await readText(args.file));
    await withContext(async (ctx) => {
      const order = { slug: args.slug, document, author: actorName(args.as) };
      const { update: posted, warnings } = await postUpdate(ctx, order);
      print(args.json, { ...updateJson(posted), warnings }, [
        ...describePicture(posted),
        ...describeWarnings(warnings),
        `To take it back: npm run tocsin -- campaign withdraw-update ${args.slug} ${posted.id}`,
      ]);
    });
  },
});

const updates = defineCommand({
  meta: { name: 'updates', description: 'What a campaign told so far, the newest first' },
  args: { slug, json },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const all = await showUpdates(ctx, { slug: args.slug });
      const lines = all.length === 0 ? ['no updates'] : all.flatMap(describePicture);
      print(args.json, { updates: all.map(updateJson) }, lines);
    }),
});

const withdraw = defineCommand({
  meta: {
    name: 'withdraw-update',
    description: 'Take an update off the page; its text is forgotten',
  },
  args: {
    slug,
    id: { type: 'positional', description: 'Which one; `updates` shows it', required: true },
    as,
    json,
  },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const gone = await withdrawUpdate(ctx, {
        slug: args.slug,
        id: args.id,
        author: actorName(args.as),
      });
      print(args.json, updateJson(gone), [`${gone.id}: withdrawn`]);
    }),
});

/** What a campaigner shows beside the words: `campaign picture|update|updates|withdraw-update SLUG`. */
export const contentVerbs = { picture, update, updates, 'withdraw-update': withdraw };

function describePicture({ id, at, author, text }: CampaignUpdateRecord): string[] {
  const texts = Object.entries(text).map(
    ([locale, words]) => `${locale}:\n  ${words.replaceAll('\n', '\n  ')}`,
  );
  return [`${id}, ${at.toISOString()}, by ${author}`, ...texts];
}
