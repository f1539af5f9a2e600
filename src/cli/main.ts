import { defineCommand, renderUsage, runCommand } from 'citty';
import { VERSION } from '../version.ts';
import { keysCommand, userCommand } from './access-commands.ts';
import { campaignCommand } from './campaign-command.ts';
import { exitCodeOf, explain } from './command.ts';
import { configCommand } from './config-command.ts';

const main = defineCommand({
  meta: { name: 'tocsin', version: VERSION, description: 'One message, one moment, many voices' },
  subCommands: {
    campaign: campaignCommand,
    user: userCommand,
    keys: keysCommand,
    config: configCommand,
  },
});

const rawArgs = process.argv.slice(2);
try {
  if (rawArgs.length === 0 || rawArgs.some((arg) => arg === '--help' || arg === '-h')) {
    console.log(await usage(rawArgs));
  } else {
    await runCommand(main, { rawArgs });
  }
} catch (error) {
  console.error(explain(error, rawArgs.includes('--json')));
  process.exitCode = exitCodeOf(error);
}

/** Help for the deepest command that the arguments name. */
async function usage(args: readonly string[]): Promise<string> {
  let command: Parameters<typeof renderUsage>[0] = main;
  let parent: typeof command | undefined;
  for (const arg of args) {
    const subCommands = (await command.subCommands) as Record<string, typeof command> | undefined;
    const next = subCommands?.[arg];
    if (!next) break;
    parent = command;
    command = next;
  }
  return renderUsage(command, parent);
}
