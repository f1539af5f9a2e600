import { stripVTControlCharacters } from 'node:util';
import { type CommandDef, defineCommand, renderUsage, runCommand } from 'citty';
import { VERSION } from '../version.ts';
import { keysCommand, userCommand } from './access-commands.ts';
import { checkArguments, findCommand } from './arguments.ts';
import { backupCommand, restoreCommand } from './backup-commands.ts';
import { campaignCommand } from './campaign-command.ts';
import { exitCodeForError, explainError } from './command.ts';
import { configCommand } from './config-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { ledgerCommand } from './ledger-command.ts';
import { platformCommand } from './platform-command.ts';
import { sessionsCommand } from './revoke-commands.ts';
import { instanceCommand } from './stop-commands.ts';

const main: CommandDef = defineCommand({
  meta: { name: 'tocsin', version: VERSION, description: 'One message, one moment, many voices' },
  subCommands: {
    campaign: campaignCommand,
    platform: platformCommand,
    instance: instanceCommand,
    user: userCommand,
    keys: keysCommand,
    sessions: sessionsCommand,
    config: configCommand,
    ledger: ledgerCommand,
    backup: backupCommand,
    restore: restoreCommand,
    doctor: doctorCommand,
  },
});

/**
 * Runs `npm run tocsin -- ARGS`: results go to stdout, what went wrong to stderr. Gives the exit code and never rejects.
 */
export async function runTocsin(rawArgs: readonly string[]): Promise<number> {
  try {
    const called = await findCommand(main, rawArgs);
    if (rawArgs.length === 0 || rawArgs.some((arg) => arg === '--help' || arg === '-h')) {
      const usage = await renderUsage(called.command, called.parent);
      // Colours are for a terminal; citty paints whatever it writes to.
      console.log(process.stdout.isTTY ? usage : stripVTControlCharacters(usage));
    } else {
      await checkArguments(called);
      await runCommand(main, { rawArgs: [...rawArgs] });
    }
    return 0;
  } catch (error) {
    console.error(explainError(error, rawArgs.includes('--json')));
    return exitCodeForError(error);
  }
}
