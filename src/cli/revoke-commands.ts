import { defineCommand } from 'citty';
import {
  type ApiKeyRecord,
  endApiKey,
  endOpenAccess,
  type OpenAccess,
  showApiKeys,
  showOpenAccess,
} from '../actions/credential/revoke-access.ts';
import { actorName, print, withContext } from './command.ts';

const json = { type: 'boolean', description: 'One line of JSON', default: false } as const;
const as = {
  type: 'string',
  description: 'Your name, as it is to stand in the audit log',
  default: 'command line',
} as const;

export const listKeys = defineCommand({
  meta: { name: 'list', description: 'The API keys and whose they are; never the keys themselves' },
  args: { json },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const keys = await showApiKeys(ctx);
      const lines = keys.length === 0 ? ['no API keys'] : keys.map(keyLine);
      print(args.json, { keys: keys.map(keyJson) }, lines);
    }),
});

export const revokeKey = defineCommand({
  meta: { name: 'revoke', description: 'End an API key, at once and for good' },
  args: {
    name: { type: 'positional', description: 'Whose it is; `list` shows it', required: true },
    as,
    json,
  },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const key = await endApiKey(ctx, { name: args.name, actor: actorName(args.as) });
      print(args.json, keyJson(key), [keyLine(key)]);
    }),
});

const list = defineCommand({
  meta: { name: 'list', description: 'Who is signed in, and which one-time links are open' },
  args: { json },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const open = await showOpenAccess(ctx);
      const lines = open.length === 0 ? ['nobody is signed in'] : open.map(accessLine);
      print(args.json, { sessions: open.map(accessJson) }, lines);
    }),
});

const end = defineCommand({
  meta: { name: 'end', description: 'Sign an operator out everywhere, or end one session or link' },
  args: {
    whose: {
      type: 'positional',
      description: 'An operator’s name, or the id that `list` shows',
      required: true,
    },
    as,
    json,
  },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const ended = await endOpenAccess(ctx, { whose: args.whose, actor: actorName(args.as) });
      const lines = ended.map((one) => `ended: ${accessLine(one)}`);
      print(args.json, { ended: ended.map(accessJson) }, lines);
    }),
});

export const sessionsCommand = defineCommand({
  meta: { name: 'sessions', description: 'Who is signed in as an operator' },
  subCommands: { list, end },
});

function keyJson({ name, createdAt, revokedAt }: ApiKeyRecord) {
  return { name, created: createdAt.toISOString(), revoked: revokedAt?.toISOString() ?? null };
}

function keyLine({ name, createdAt, revokedAt }: ApiKeyRecord): string {
  const revoked = revokedAt ? `, revoked ${revokedAt.toISOString()}` : '';
  return `${name}: created ${createdAt.toISOString()}${revoked}`;
}

function accessJson({ id, kind, operator, until }: OpenAccess) {
  return { id, kind, operator, until: until.toISOString() };
}

function accessLine({ id, kind, operator, until }: OpenAccess): string {
  return `${id}  ${kind} of ${operator}, until ${until.toISOString()}`;
}
