import { statSync } from 'node:fs';
import { mayReplaceSecrets } from '../../../config/rotate-secrets.ts';
import type { Context } from '../../context.ts';
import type { Finding } from '../../domain/health/health.ts';
import { listWorkersWithout, readMasterKey } from '../../store/vault/master-key.ts';

/** A rotation goes on by itself; one that takes longer than this needs an operator. */
const ROTATION_MS = 120_000;

/** Whether keys that were destroyed are so in older dumps, too; and whether the secrets are ours alone. */
export async function diagnoseKeys(ctx: Context): Promise<Finding[]> {
  return [...(await diagnoseRotation(ctx)), ...diagnoseFile(ctx)];
}

async function diagnoseRotation(ctx: Context): Promise<Finding[]> {
  const row = await readMasterKey(ctx.db);
  const { path } = ctx.config.secrets;
  if (!row || (row.owed_since === null && ctx.vault.masterKeys().length === 1)) return [];
  const isFixed = !mayReplaceSecrets(path);
  const since = row.owed_since ?? row.rotated_at ?? new Date(ctx.clock.now());
  if (!isFixed && ctx.clock.now() - since.getTime() < ROTATION_MS) return [];
  const without = row.next_id === null ? [] : await listWorkersWithout(ctx.db, row.next_id);
  return [
    {
      check: 'keys',
      level: 'warning',
      what: 'keys of past campaigns are destroyed, and secrets.json still holds the master key that opens them in older dumps',
      since,
      mend: mendOf(isFixed, without),
      about: without.length > 0 ? without : [path],
    },
  ];
}

function mendOf(isFixed: boolean, without: readonly string[]): string {
  if (without.length > 0) {
    return 'Copy secrets.json to the machines of these workers, which read another copy; the rotation then goes on by itself.';
  }
  return isFixed
    ? 'It cannot be written from here: rotate it yourself with `npm run tocsin -- keys rotate --out FILE`, and put that file in its place.'
    : 'Run `npm run tocsin -- keys rotate`; it says what holds it up.';
}

function diagnoseFile(ctx: Context): Finding[] {
  const { path } = ctx.config.secrets;
  const { mode, ctime } = statSync(path);
  // A reader can post in supporters' names; a container's mount belongs to root, the only user there.
  if ((mode & 0o007) === 0) return [];
  return [
    {
      check: 'keys',
      level: 'warning',
      what: 'secrets.json can be read by every user of the machine',
      since: ctime,
      mend: 'Take the right to read it from others: `chmod o-rwx`, as its owner.',
      about: [path],
    },
  ];
}
