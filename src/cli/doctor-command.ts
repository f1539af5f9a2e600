import { defineCommand } from 'citty';
import { checkReadiness } from '../actions/health/check-readiness.ts';
import { diagnoseRedis } from '../actions/health/diagnose-redis.ts';
import type { Context } from '../context.ts';
import { ConfigurationError, ConflictError } from '../domain/errors.ts';
import type { Finding } from '../domain/health/health.ts';
import { print, withContext } from './command.ts';

/** Something that an operator has to do: what is wrong, how to mend it, and what it is about. */
interface Trouble {
  level: 'red' | 'warning';
  what: string;
  mend: string;
  about: readonly string[];
}

export const doctorCommand = defineCommand({
  meta: { name: 'doctor', description: 'What is wrong with this instance, and how to mend it' },
  args: { json: { type: 'boolean', description: 'One line of JSON', default: false } },
  run: async ({ args }) => {
    const troubles = await examine();
    const lines = troubles.flatMap(describeFinding);
    const well = troubles.length === 0;
    print(args.json, { well, troubles }, well ? ['All is well.'] : lines);
    if (!well) throw new ConflictError('troubles', countOf(troubles.length));
  },
});

/** What cannot even be opened is a trouble like the others. */
async function examine(): Promise<Trouble[]> {
  try {
    return (await withContext(findAll)).map(({ level, what, mend, about }) => ({
      level,
      what,
      mend,
      about,
    }));
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const [, what = error.message, mend = ''] = /^(.*?); (.*)$/s.exec(error.message) ?? [];
    return [{ level: 'red', what, mend, about: [] }];
  }
}

/** What this process sees of Redis says more than that jobs do not come back. */
async function findAll(ctx: Context): Promise<Finding[]> {
  const { findings } = await checkReadiness(ctx);
  const redis = await diagnoseRedis(ctx);
  if (redis === null) return [...findings];
  return [redis, ...findings.filter(({ check }) => check !== 'queue')];
}

function describeFinding({ level, what, mend, about }: Trouble): string[] {
  const told = about.length > 0 ? [`  about: ${about.join(', ')}`] : [];
  return [`${level}: ${what}`, ...(mend === '' ? [] : [`  ${mend}`]), ...told];
}

function countOf(count: number): string {
  return count === 1 ? 'One thing needs you.' : `${count} things need you.`;
}
