import type { Context } from '../../../context.ts';
import { SELF_ACTOR } from '../../../domain/hold.ts';
import type { Platform } from '../../../platforms/platform.ts';
import { appendEventOnce } from '../../../store/campaign-event.ts';

/**
 * Says that a platform refused texts at the step before the moment, by their language and with what it answered: everybody who has
 * such a text is concerned, so it stands in the ledger once, in the log and among what makes the instance red.
 */
export async function alarmRefusedTexts(
  ctx: Context,
  platform: Platform,
  campaignId: string,
  refused: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [locale, answer] of refused) {
    const isNew = await appendEventOnce(ctx.db, campaignId, {
      action: 'text_refused',
      scope: 'platform',
      platform: platform.name,
      actor: SELF_ACTOR,
      detail: `${platform.label} refused the text in ${locale}: ${answer}`,
    });
    if (!isNew) continue;
    ctx.log.error(
      { campaign: campaignId, platform: platform.name, locale, answer },
      'a text is refused before the moment; no post with it will be taken',
    );
  }
}
