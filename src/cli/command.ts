import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, loadConfig } from '../../config/config.ts';
import { type Context, createContext } from '../context.ts';
import {
  ConfigurationError,
  ConflictError,
  DatabaseAwayError,
  type FieldProblem,
  InputError,
  NotFoundError,
} from '../domain/errors.ts';
import { checkName } from '../domain/order-words.ts';
import { createLogger } from '../log.ts';

/** The arguments are not as the command wants them: exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Exit codes: 0, 1, 2 (usage) and 78 (EX_CONFIG of sysexits.h). */
export function exitCodeForError(error: unknown): number {
  if (error instanceof ConfigurationError) return 78;
  // citty's own name for what it cannot parse.
  const usage = error instanceof UsageError || (error as Error | null)?.name === 'CLIError';
  return usage ? 2 : 1;
}

/** What of the request is wrong; nothing where only the state of things stands in the way. */
function toProblems(error: unknown): readonly FieldProblem[] {
  if (error instanceof InputError || error instanceof NotFoundError) return error.problems;
  return error instanceof ConflictError && error.field !== undefined ? error.problems : [];
}

/** What went wrong, for people or, with `json`, for programs. A bug keeps its stack. */
export function explainError(error: unknown, json: boolean): string {
  const problems = toProblems(error);
  const expected =
    problems.length > 0 ||
    exitCodeForError(error) !== 1 ||
    error instanceof ConflictError ||
    error instanceof DatabaseAwayError ||
    error instanceof NotFoundError;
  const message = (error as Error).message;
  if (json) return JSON.stringify({ error: message, errors: problems });
  return expected ? message : String((error as Error).stack ?? error);
}

/** Runs something with an open context, and closes it whatever comes. Log lines of a command are warnings at least. */
export async function withContext<T>(act: (ctx: Context) => Promise<T>): Promise<T> {
  const config: Config = loadConfig();
  const log = createLogger({ log: { level: 'warn' } });
  const ctx = await createContext(config, log, new AbortController().signal, {
    besideInstance: true,
  });
  try {
    return await act(ctx);
  } finally {
    await Promise.race([ctx.dispose(), sleep(5_000, undefined, { ref: false })]);
  }
}

/** Who gives an order, as `--as` names them. @throws InputError */
export const actorName = (name: string): string => checkName('as', name);

/** Prints a result: as JSON on one line, or as lines for people. */
export function print(json: boolean, result: object, lines: readonly string[]): void {
  console.log(json ? JSON.stringify(result) : lines.join('\n'));
}
