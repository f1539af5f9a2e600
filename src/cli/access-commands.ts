import { defineCommand } from 'citty';
import { createApiKey, issueSignInLink } from '../actions/operator/operator-access.ts';
import { print, withContext } from './command.ts';
import { destroyCommand, rotateCommand } from './master-key-commands.ts';
import { listKeys, revokeKey } from './revoke-commands.ts';

const json = { type: 'boolean', description: 'One line of JSON', default: false } as const;
const name = { type: 'positional', description: 'Whose it is', required: true } as const;

const link = defineCommand({
  meta: { name: 'link', description: 'A link that signs an operator in, once, within the hour' },
  args: { name, json },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const { path } = await issueSignInLink(ctx, { operator: args.name });
      const url = ctx.baseUrl + path;
      print(args.json, { name: args.name, url }, [url]);
    }),
});

export const userCommand = defineCommand({
  meta: { name: 'user', description: 'Operators' },
  subCommands: { link },
});

const create = defineCommand({
  meta: { name: 'create', description: 'An API key; it is shown this once' },
  args: { name, json },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const key = await createApiKey(ctx, { name: args.name });
      print(args.json, { name: args.name, key }, [key]);
    }),
});

export const keysCommand = defineCommand({
  meta: { name: 'keys', description: 'API keys, and the keys that everything is sealed under' },
  subCommands: {
    create,
    list: listKeys,
    revoke: revokeKey,
    rotate: rotateCommand,
    destroy: destroyCommand,
  },
});
