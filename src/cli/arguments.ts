import { parseArgs } from 'node:util';
import type { ArgsDef, CommandDef } from 'citty';
import { UsageError } from './command.ts';

/** The command that the arguments name, the one it belongs to, and what is left for it. */
export interface Called {
  command: CommandDef;
  parent: CommandDef | undefined;
  rest: readonly string[];
}

/** Follows the arguments down to a command, as far as they name one. @throws UsageError for a name that nothing has. */
export async function findCommand(main: CommandDef, args: readonly string[]): Promise<Called> {
  let called: Called = { command: main, parent: undefined, rest: args };
  for (;;) {
    const { command, rest } = called;
    const subCommands = (await command.subCommands) as Record<string, CommandDef> | undefined;
    const [name] = rest;
    if (!subCommands || name === undefined || name.startsWith('-')) return called;
    const next = Object.hasOwn(subCommands, name) ? subCommands[name] : undefined;
    if (!next) {
      const known = Object.keys(subCommands).join(', ');
      throw new UsageError(`there is no command "${name}" here; there are ${known}`);
    }
    called = { command: next, parent: command, rest: rest.slice(1) };
  }
}

/**
 * Refuses what citty lets pass: an unknown option, one without its value, an argument too many.
 * @throws UsageError
 */
export async function checkArguments({ command, rest }: Called): Promise<void> {
  const defined = Object.entries(((await command.args) ?? {}) as ArgsDef);
  const options = defined
    .filter(([, { type }]) => type !== 'positional')
    .map(
      ([name, { type }]) => [name, { type: type === 'boolean' ? 'boolean' : 'string' }] as const,
    );
  const { positionals } = parse(rest, Object.fromEntries(options));
  const extra = positionals[defined.length - options.length];
  if (extra !== undefined && !command.subCommands) {
    throw new UsageError(`"${extra}" is one argument too many`);
  }
}

function parse(args: readonly string[], options: Record<string, { type: 'boolean' | 'string' }>) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    if (!code?.startsWith('ERR_PARSE_ARGS_')) throw error;
    const [, option] = /^Option '(--[\w-]+).*argument is ambiguous/.exec(message) ?? [];
    if (option !== undefined) {
      throw new UsageError(
        `${option}: what follows begins with "-", as an option does; if it is the value, write ${option}=VALUE`,
      );
    }
    throw new UsageError(message.split('. ')[0]);
  }
}
