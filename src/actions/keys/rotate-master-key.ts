import { setTimeout as sleep } from 'node:timers/promises';
import {
  addNextMasterKey,
  dropOldMasterKey,
  SecretsNotWritable,
  type SecretsTarget,
} from '../../../config/rotate-secrets.ts';
import { readSecrets } from '../../../config/secrets.ts';
import type { Context } from '../../context.ts';
import { type Db, notify } from '../../store/connection/database.ts';
import {
  announceMasterKey,
  isKnownToAnyWorker,
  listWorkersWithout,
  lockMasterKey,
  readMasterKey,
  sealUnderNext,
} from '../../store/vault/master-key.ts';

/** Two signs of life of a worker, and some: by then it has told which keys it has. */
const TELL_MS = 12_000;
const LOOK_AGAIN_MS = 250;

/** How far a rotation has come. */
export type Rotation =
  /** The old key is in no file of ours and opens nothing in the database. */
  | { kind: 'done'; masterKeyId: string }
  /** Its file is written, elsewhere than where it is read from: an operator has to put it there, and go on. */
  | { kind: 'hand_over'; out: string; next: 'again' | 'nothing' }
  /** These workers read another copy of the file, without the new key. */
  | { kind: 'waiting'; workers: readonly string[] }
  /** Another machine has begun it; its file has to be copied here. */
  | { kind: 'elsewhere' }
  | { kind: 'not_writable'; why: string };

/**
 * Puts another master key in the place of the present one, everywhere, and takes up a rotation where it was left. At every step
 * the file holds each key that the database needs: first both keys, then, when everything is sealed under the new one, that one
 * alone. A process that is killed in between has lost nothing. `out`: where a changed file goes if not in the place of the old one.
 */
export async function rotateMasterKey(
  ctx: Context,
  { out }: { out?: string } = {},
): Promise<Rotation> {
  return (await advance(ctx, out, null)).rotation;
}

/** How far one step has brought a rotation, and the id of its new key once there is one. */
interface Advanced {
  rotation: Rotation;
  id: string | null;
}

/** `goesOn`: the new key of a rotation that was begun before; null begins one. Where another process has ended it, none is begun. */
async function advance(
  ctx: Context,
  out: string | undefined,
  goesOn: string | null,
): Promise<Advanced> {
  try {
    const begun = await begin(ctx, out, goesOn);
    if (begun.kind !== 'both') return { rotation: begun, id: goesOn };
    const { id } = begun;
    const workers = await listWorkersWithout(ctx.db, id);
    if (workers.length > 0) return { rotation: { kind: 'waiting', workers }, id };
    await sealAll(ctx, id);
    return { rotation: await finish(ctx, id, out), id };
  } catch (error) {
    if (!(error instanceof SecretsNotWritable)) throw error;
    return { rotation: { kind: 'not_writable', why: error.message }, id: goesOn };
  }
}

/**
 * As `rotateMasterKey`, for the command line: waits up to `waitMs` for workers that read the same file to report the new key with
 * their next sign of life. Workers that have not reported by then are named in the result.
 */
export async function rotateWhenTold(
  ctx: Context,
  { out, waitMs = TELL_MS }: { out?: string | undefined; waitMs?: number } = {},
): Promise<Rotation> {
  const until = performance.now() + waitMs;
  let { rotation, id } = await advance(ctx, out, null);
  while (rotation.kind === 'waiting' && performance.now() < until) {
    await sleep(LOOK_AGAIN_MS);
    // A worker's sweep may have gone on with it meanwhile.
    ({ rotation, id } = await advance(ctx, out, id));
  }
  return rotation;
}

type Begun =
  | { kind: 'both'; id: string }
  | Extract<Rotation, { kind: 'done' | 'elsewhere' | 'hand_over' }>;

/** Both keys are in the file, and every process has been told so. */
async function begin(ctx: Context, out: string | undefined, goesOn: string | null): Promise<Begun> {
  const begun = await ctx.db.transaction().execute(async (db): Promise<Begun> => {
    const row = await lockMasterKey(db);
    if (!row) throw new Error('The database has no master key yet');
    const { path } = ctx.config.secrets;
    const file = readSecrets(path);
    // Sealed already; only the old key is left to be dropped.
    if (file.nextMasterKey?.id === row.id) return { kind: 'both', id: row.id };
    if (row.id === goesOn) return { kind: 'done', masterKeyId: row.id };
    const announced = row.next_id;
    if (announced !== null && file.nextMasterKey?.id !== announced) {
      if (await isKnownToAnyWorker(db, announced)) return { kind: 'elsewhere' };
    }
    if (file.nextMasterKey === null) addNextMasterKey(target(ctx, out));
    if (file.nextMasterKey === null && out !== undefined) {
      return { kind: 'hand_over', out, next: 'again' };
    }
    const id = readSecrets(path).nextMasterKey?.id;
    if (id === undefined) throw new Error('The second master key is not in the file');
    await announceMasterKey(db, id);
    return { kind: 'both', id };
  });
  ctx.crash('rotation-begun');
  await spread(ctx);
  return begun;
}

/** Nothing in the database is sealed under the old key any more. */
async function sealAll(ctx: Context, id: string): Promise<void> {
  await ctx.db.transaction().execute(async (db) => {
    const row = await lockMasterKey(db);
    if (row?.next_id !== id) return;
    await sealUnderNext(db, ctx.vault, id);
    ctx.crash('rotation-sealed');
  });
  ctx.crash('rotation-committed');
}

/** The old key is overwritten. */
async function finish(ctx: Context, id: string, out: string | undefined): Promise<Rotation> {
  await ctx.db.transaction().execute(async (db) => {
    const row = await lockMasterKey(db);
    if (row?.id === id) dropOldMasterKey(target(ctx, out));
  });
  await spread(ctx);
  if (out !== undefined) return { kind: 'hand_over', out, next: 'nothing' };
  return { kind: 'done', masterKeyId: id };
}

function target(ctx: Context, out: string | undefined): SecretsTarget {
  return {
    path: ctx.config.secrets.path,
    out,
    pass: (step) => ctx.crash(`rotation-${step}`),
  };
}

/** Every process takes over what has changed: this one now, the others when they hear of it. */
async function spread(ctx: Context): Promise<void> {
  await ctx.vault.follow(ctx.db);
  await notifyKeys(ctx.db);
}

/** Tells every process that keys have changed or have been destroyed. */
export async function notifyKeys(db: Db): Promise<void> {
  await notify(db, 'keys', '');
}

/** Whether there is something for `rotateMasterKey` to do. */
export async function isRotationOwed(ctx: Context): Promise<boolean> {
  const row = await readMasterKey(ctx.db);
  if (!row) return false;
  return row.owed_since !== null || row.next_id !== null || ctx.vault.masterKeys().length > 1;
}
