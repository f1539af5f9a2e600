import { defineCommand } from 'citty';
import { destroyKeys } from '../actions/keys/destroy-keys.ts';
import { type Rotation, rotateWhenTold } from '../actions/keys/rotate-master-key.ts';
import { ConflictError } from '../domain/errors.ts';
import { actorName, print, withContext } from './command.ts';

const json = { type: 'boolean', description: 'One line of JSON', default: false } as const;

/** Part of `keys`. */
export const rotateCommand = defineCommand({
  meta: {
    name: 'rotate',
    description:
      'Another master key in place of the present one; older dumps are then shut for good',
  },
  args: {
    out: {
      type: 'string',
      description:
        'Write the changed secrets.json to this new file, where the one in use cannot be written',
    },
    json,
  },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const result = await rotateWhenTold(ctx, { out: args.out });
      print(args.json, result, describeRotation(result));
    }),
});

/** @throws ConflictError where an operator has to do something first. */
function describeRotation(result: Rotation): string[] {
  switch (result.kind) {
    case 'done':
      return [
        `Everything is sealed under the new master key ${result.masterKeyId}.`,
        'Make a new backup of the database and of secrets.json now, and destroy every older copy of secrets.json.',
      ];
    case 'hand_over':
      return result.next === 'again'
        ? [
            `${result.out} holds both keys. Put it in the place of secrets.json, for every process, and restart them;`,
            'then run this command again, with another file for --out.',
          ]
        : [
            `${result.out} holds the new key alone, and everything is sealed under it.`,
            'Put it in the place of secrets.json, for every process; make a new backup, and destroy every older copy of secrets.json.',
          ];
    case 'waiting':
      throw new ConflictError(
        'workers_without',
        `These workers do not read the secrets.json with both keys: ${result.workers.join(', ')}. Copy it to them; the rotation then goes on by itself`,
      );
    case 'elsewhere':
      throw new ConflictError(
        'begun_elsewhere',
        'A rotation has begun on another machine, with another copy of secrets.json. Copy that one here',
      );
    case 'not_writable':
      throw new ConflictError(
        'not_writable',
        `${result.why}. Say --out FILE, and put that file in its place`,
      );
  }
}

/** Part of `keys`. */
export const destroyCommand = defineCommand({
  meta: {
    name: 'destroy',
    description: 'The keys of a campaign that is over, now instead of after RETENTION_DAYS',
  },
  args: {
    slug: { type: 'positional', description: 'The campaign’s slug', required: true },
    yes: { type: 'string', description: 'The slug once more: this cannot be taken back' },
    as: { type: 'string', description: 'Who says so; the audit log keeps it', default: 'operator' },
    json,
  },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const done = await destroyKeys(ctx, {
        slug: args.slug,
        confirm: args.yes ?? '',
        actor: actorName(args.as),
      });
      const { slug, doubts, grants, rotation } = done;
      print(args.json, done, [
        `The keys of ${slug} are destroyed, and its rows are reduced to counters. Its receipts have ended.`,
        ...(doubts > 0 ? [`${doubts} posts stay in doubt for good.`] : []),
        ...(grants > 0
          ? [`${grants} permissions could not be given back; they end at their network.`]
          : []),
        ...linesOf(rotation),
      ]);
    }),
});

/** The destruction is done; what is said of the rotation is not its failure. */
function linesOf(rotation: Rotation): string[] {
  try {
    return describeRotation(rotation);
  } catch (error) {
    return [`Older dumps can still be opened: ${(error as Error).message}.`];
  }
}
