import { defineCommand } from 'citty';
import { loadConfig } from '../../config/config.ts';

const check = defineCommand({
  meta: {
    name: 'check',
    description: 'Read the configuration and say what holds; secrets stay hidden',
  },
  args: { json: { type: 'boolean', description: 'One line of JSON', default: false } },
  run: ({ args }) => console.log(JSON.stringify(loadConfig(), null, args.json ? 0 : 2)),
});

export const configCommand = defineCommand({
  meta: { name: 'config', description: 'Configuration' },
  subCommands: { check },
});
