import type { Context } from '../../../context.ts';
import type { PostOrder } from '../../../platforms/platform.ts';
import type { CampaignRecord } from '../../../store/campaign.ts';
import type { CredentialRecord } from '../../../store/credential.ts';
import type { ArmedDelivery } from '../../../store/delivery.ts';
import { openPledge, type PledgeContent } from '../../../store/vault/sealed-pledge.ts';
import { openStage } from '../../../store/vault/sealed-post.ts';
import { openGrant } from '../../credential/credential-access.ts';

/** A post to be sent, or to be looked for, and what its owner agreed to. */
export interface OpenedOrder {
  order: PostOrder;
  consent: Pick<PledgeContent, 'textHash'>;
}

/** Opens everything that one post takes. @throws SealError; NotFoundError when the campaign's keys are destroyed. */
export async function openOrder(
  ctx: Context,
  campaign: CampaignRecord,
  delivery: ArmedDelivery,
  credential: CredentialRecord,
): Promise<OpenedOrder> {
  const { db, vault } = ctx;
  const pledge = await openPledge(vault, db, { ...delivery, id: delivery.pledgeId });
  const { account, text, contentWarning, locale, textHash } = pledge;
  const keyOf = await postKeysOf(ctx, campaign);
  const order: PostOrder = {
    // Computed where it is asked for: most networks take none.
    get postKey() {
      return keyOf(delivery.id);
    },
    account,
    grant: await openGrant(ctx, credential),
    text,
    ...(contentWarning !== undefined && { contentWarning }),
    locale,
    moment: campaign.moment.instant,
    staged: await openStage(vault, db, delivery),
  };
  return { order, consent: { textHash } };
}

/** A campaign that was locked under the former rule keeps it, or a post that is in doubt could not be found again. */
async function postKeysOf(
  ctx: Context,
  campaign: CampaignRecord,
): Promise<(deliveryId: string) => string> {
  switch (campaign.postKeyRule) {
    case 1:
      return (deliveryId) => deliveryId;
    case 2:
      return ctx.vault.postKeys(ctx.db, campaign.id);
  }
}
