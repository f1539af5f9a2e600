import type { Context } from '../../context.ts';
import type { Platform } from '../../platforms/platform.ts';
import type { Db } from '../../store/connection/database.ts';
import { type Acceptance, listAcceptances } from '../../store/platform-acceptance.ts';

/** How long a process may go on with what it knows: campaign pages ask often. */
const FRESH_MS = 1_000;

interface Known {
  readAt: number;
  acceptances: Promise<Map<string, Acceptance>>;
}

const cachedByDb = new WeakMap<Db, Known>();

/**
 * The platforms that supporters can join with by themselves, in the order in which they are offered: those that are connected
 * and are simulated, or whose rules an operator has accepted as the code has them. What was accepted or withdrawn in another
 * process takes a second to be seen.
 */
export async function offeredPlatforms(ctx: Context): Promise<Platform[]> {
  const connected = [...ctx.platforms.values()];
  if (connected.every((platform) => platform.isSimulated)) return connected;
  const acceptances = await readAcceptances(ctx.db);
  return connected.filter(
    (platform) => platform.isSimulated || isInForce(platform, acceptances.get(platform.name)),
  );
}

/** Of those that are offered, the ones that take posts now, as far as is known: what pages name as ways to join. */
export async function openPlatforms(ctx: Context): Promise<Platform[]> {
  return (await offeredPlatforms(ctx)).filter((platform) => platform.takesPosts?.() !== false);
}

/** Whether an acceptance covers what the code says of the platform's rules now; if that is newer, it has lapsed. */
export function isInForce({ policy }: Platform, acceptance: Acceptance | undefined): boolean {
  return acceptance !== undefined && acceptance.asOf >= policy.asOf;
}

/** Called after a change of an acceptance. */
export function forgetAcceptances(ctx: Context): void {
  cachedByDb.delete(ctx.db);
}

function readAcceptances(db: Db): Known['acceptances'] {
  const last = cachedByDb.get(db);
  const now = performance.now();
  if (last && now - last.readAt < FRESH_MS) return last.acceptances;
  const acceptances = listAcceptances(db);
  cachedByDb.set(db, { readAt: now, acceptances });
  // A question that failed is asked again by the next one.
  acceptances.catch(() => cachedByDb.delete(db));
  return acceptances;
}
