import { statfs } from 'node:fs/promises';
import type { Context } from '../../context.ts';
import type { DiskEvidence } from '../../domain/health/health.ts';
import { findDatabaseFolder } from '../../store/connection/disk.ts';

/** Where the database keeps its files, asked for once; null: on another machine, or it does not say. */
const folders = new WeakMap<Context, Promise<string | null>>();

/** Room on the disks that this process can see: that of DATA_DIR, and that of a database on the same machine. */
export async function readDisks(ctx: Context): Promise<DiskEvidence[]> {
  const disks = [await readDisk('data', ctx.config.dataDir)];
  const url = ctx.config.databaseUrl?.reveal();
  if (url !== undefined) {
    const known = folders.get(ctx) ?? findDatabaseFolder(ctx.db, url);
    folders.set(ctx, known);
    const path = await known;
    if (path !== null) disks.push(await readDisk('database', path));
  }
  return disks.filter((disk) => disk !== null);
}

/** Null where the system does not say. */
async function readDisk(of: DiskEvidence['of'], path: string): Promise<DiskEvidence | null> {
  try {
    const { bsize, blocks, bavail, files, ffree } = await statfs(path);
    // Some network and virtual file systems count neither.
    if (blocks === 0) return null;
    return { of, path, freeBytes: bavail * bsize, freeFiles: files > 0 ? ffree : null };
  } catch {
    return null;
  }
}
