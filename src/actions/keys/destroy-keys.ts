import type { Context } from '../../context.ts';
import { OVER } from '../../domain/campaign.ts';
import { ConflictError, InputError, noCampaign } from '../../domain/errors.ts';
import { findCampaign } from '../../store/campaign.ts';
import { notify } from '../../store/connection/database.ts';
import { audit } from '../../store/operator.ts';
import {
  type Destroyed,
  destroyCampaignKeys,
  type EndedCampaign,
  findExpired,
  findUnreduced,
  reduceCampaign,
} from '../../store/retention.ts';
import {
  isRotationOwed,
  type Rotation,
  rotateMasterKey,
  rotateWhenTold,
} from './rotate-master-key.ts';

/** Campaigns at a time; the sweep goes on with the others. */
const PAGE = 20;

/** A rotation that waits for an operator is not tried every second. */
const TRY_AGAIN_MS = 30_000;
const triedAt = new WeakMap<Context, number>();

/**
 * Ends what is kept of campaigns whose time is over: destroys their keys, reduces their rows, and rotates the master key, so that
 * what was destroyed cannot be opened in an older dump either. Each step is taken up where it was left.
 */
export async function endRetention(ctx: Context): Promise<void> {
  for (const campaign of await findExpired(ctx.db, ctx.config.retentionMs, PAGE)) {
    if (ctx.stopping.aborted) return;
    await destroy(ctx, campaign);
  }
  for (const campaign of await findUnreduced(ctx.db, PAGE)) {
    if (ctx.stopping.aborted) return;
    await reduce(ctx, campaign);
  }
  await rotateIfOwed(ctx);
}

async function destroy(ctx: Context, { id, slug }: EndedCampaign): Promise<Destroyed | null> {
  const done = await ctx.db.transaction().execute(async (db) => {
    const destroyed = await destroyCampaignKeys(db, id);
    if (!destroyed) return null;
    await notify(db, 'keys', '');
    await notify(db, 'delivery', id);
    ctx.crash('in-destroy');
    return destroyed;
  });
  if (done) ctx.crash('after-destroy');
  // This process does not wait to hear of it.
  await ctx.vault.follow(ctx.db);
  if (done) ctx.log.info({ campaign: slug, ...done }, 'its keys are destroyed');
  return done;
}

async function reduce(ctx: Context, { id, slug }: EndedCampaign): Promise<void> {
  const named = [...ctx.platforms.values()].filter(({ requires: asks }) => asks === 'server');
  const names = named.map(({ name }) => name);
  await ctx.db.transaction().execute((db) => reduceCampaign(db, id, names));
  await notify(ctx.db, 'delivery', id);
  ctx.log.info({ campaign: slug }, 'reduced to counters');
}

async function rotateIfOwed(ctx: Context): Promise<void> {
  const now = performance.now();
  if (now < (triedAt.get(ctx) ?? 0) || !(await isRotationOwed(ctx))) return;
  const rotation = await rotateMasterKey(ctx);
  if (rotation.kind === 'done') return;
  triedAt.set(ctx, now + (rotation.kind === 'waiting' ? TRY_AGAIN_MS / 10 : TRY_AGAIN_MS));
  if (rotation.kind !== 'waiting') ctx.log.warn({ rotation }, 'the master key is not rotated yet');
}

/** What is left when the keys of a campaign have been destroyed by hand. */
export interface KeysDestroyed extends Destroyed {
  slug: string;
  rotation: Rotation;
}

/**
 * Destroys the keys of a campaign that is over, now; `confirm` repeats its slug. Once this returns its receipts have ended.
 * @throws NotFoundError; InputError for `confirm`; ConflictError `under_way` or `destroyed`.
 */
export async function destroyKeys(
  ctx: Context,
  input: { slug: string; confirm: string; actor: string },
): Promise<KeysDestroyed> {
  const campaign = await findCampaign(ctx.db, { slug: input.slug });
  if (!campaign) throw noCampaign(input.slug);
  const { slug, state } = campaign;
  if (!OVER.includes(state)) {
    throw new ConflictError(
      'under_way',
      `${slug} is ${state.replaceAll('_', ' ')}: its keys are needed. Abort it first, or wait until it is settled`,
    );
  }
  if (input.confirm !== slug) {
    const message = `destroying keys cannot be taken back: receipts end, and posts in doubt are never known; write exactly "${slug}" to go on`;
    throw new InputError([{ field: 'yes', message }]);
  }
  const destroyed = await destroy(ctx, campaign);
  if (!destroyed) throw new ConflictError('destroyed', `The keys of ${slug} are destroyed already`);
  await audit(ctx.db, { actor: input.actor, action: 'keys.destroy', subject: slug });
  await reduce(ctx, campaign);
  return { slug, ...destroyed, rotation: await rotateWhenTold(ctx) };
}
