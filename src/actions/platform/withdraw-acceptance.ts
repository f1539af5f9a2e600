import type { Context } from '../../context.ts';
import { deleteAcceptance } from '../../store/platform-acceptance.ts';
import type { AcceptResult } from './accept-platform.ts';
import { showPlatform } from './list-platforms.ts';
import { forgetAcceptances } from './offered-platforms.ts';

/**
 * Takes the acceptance of a platform's rules back: nobody joins with it any more. What has been promised is still posted;
 * pausing the platform is what holds that.
 * @throws NotFoundError
 */
export async function withdrawAcceptance(
  ctx: Context,
  { name, operator }: { name: string; operator: string },
): Promise<AcceptResult> {
  await showPlatform(ctx, { name });
  const changed = await deleteAcceptance(ctx.db, { platform: name, actor: operator });
  forgetAcceptances(ctx);
  return { changed, platform: await showPlatform(ctx, { name }) };
}
