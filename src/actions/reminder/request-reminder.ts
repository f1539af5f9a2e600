import { randomUUID } from 'node:crypto';
import type { Context } from '../../context.ts';
import { AHEAD } from '../../domain/campaign.ts';
import { ConflictError, InputError } from '../../domain/errors.ts';
import { mailAddress } from '../../domain/mail-address.ts';
import type { CampaignRecord } from '../../store/campaign.ts';
import { insertReminder as ask } from '../../store/reminder.ts';
import { canRemind } from '../campaign/can-remind.ts';
import { findPublicCampaign } from '../campaign/find-campaign.ts';
import { reminderSealContext } from './send-mail.ts';

/** Whether this campaign takes addresses for reminders now. */
export function takesReminders(ctx: Context, campaign: CampaignRecord): boolean {
  const coming =
    AHEAD.includes(campaign.state) && ctx.clock.now() < campaign.moment.instant.getTime();
  return coming && campaign.content.reminders === true && canRemind(ctx);
}

/**
 * Takes an address and owes it a mail that asks for confirmation. Says the same whether the address is known, new or has had
 * its share of mails, so that the answer does not show who is reminded. Gives the secret of the mail that is owed, for this process's own
 * use, or null where none is. `lang`: what the links in its mails carry; left out, they leave it to the browser.
 * @throws NotFoundError; InputError `address`; ConflictError `no_reminders` or `busy`.
 */
export async function requestReminder(
  ctx: Context,
  input: { id: string; address: string; locale: string; lang?: string },
): Promise<string | null> {
  const campaign = await findPublicCampaign(ctx, { id: input.id });
  if (!takesReminders(ctx, campaign)) {
    throw new ConflictError('no_reminders', 'This campaign takes no addresses now');
  }
  const address = mailAddress(input.address);
  if (address === null) throw new InputError([{ field: 'address', message: 'is no address' }]);
  const id = randomUUID();
  const asked = await ask(ctx.db, {
    id,
    campaignId: campaign.id,
    locale: input.locale,
    lang: input.lang ?? null,
    addressHash: ctx.vault.addressHash(address),
    address: await ctx.vault.seal(ctx.db, reminderSealContext(campaign.id, id), address),
  });
  if (asked.kind === 'busy') throw new ConflictError('busy', 'Too many ask at once');
  if (asked.kind !== 'asked') return null;
  await setAlarm(ctx, asked.id);
  return ctx.vault.reminderToken(asked.id);
}

/** The sweep would find it, too, a second later. */
export async function setAlarm(ctx: Context, reminderId: string, at?: Date): Promise<void> {
  try {
    await ctx.queues.enqueue('mail', { reminderId }, at ? { at } : {});
  } catch (error) {
    ctx.log.warn({ error: (error as Error).message }, 'alarm not set; the sweep will do');
  }
}
