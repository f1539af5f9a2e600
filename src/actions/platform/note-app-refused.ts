import type { Context } from '../../context.ts';
import { errorWord } from '../../domain/error-word.ts';
import type { AppRefused, Platform } from '../../platforms/platform.ts';
import { forgetJoinRefusal, saveJoinRefusal } from '../../store/join-refusal.ts';

/** A join that the network takes is written down no more often than this by one process: most find nothing to be forgotten. */
const FORGET_EVERY_MS = 10_000;

/** When this process has last seen that a network takes the app, by its name; epoch milliseconds. */
const takenAt = new WeakMap<Context, Map<string, number>>();

function takenIn(ctx: Context): Map<string, number> {
  const known = takenAt.get(ctx) ?? new Map<string, number>();
  takenAt.set(ctx, known);
  return known;
}

/**
 * Lets operators know, at /readyz and on their desk, that a network refuses the app of this instance. Only networks that they have set
 * up: supporters name the other servers. Never rejects.
 */
export async function noteAppRefused(
  ctx: Context,
  { name, requires: asks }: Platform,
  { message }: AppRefused,
): Promise<void> {
  if (asks !== 'nothing') return;
  takenIn(ctx).delete(name);
  await bestEffort(ctx, saveJoinRefusal(ctx.db, name, message));
}

/** The network takes the app: what was noted of it before is over. Never rejects. */
export async function noteAppTaken(
  ctx: Context,
  { name, requires: asks }: Platform,
): Promise<void> {
  const taken = takenIn(ctx);
  const now = ctx.clock.now();
  if (asks !== 'nothing' || now - (taken.get(name) ?? 0) < FORGET_EVERY_MS) return;
  taken.set(name, now);
  await bestEffort(ctx, forgetJoinRefusal(ctx.db, name));
}

async function bestEffort(ctx: Context, noted: Promise<void>): Promise<void> {
  try {
    await noted;
  } catch (error) {
    ctx.log.warn({ error: errorWord(error) }, 'what a network says of the app was not noted');
  }
}
