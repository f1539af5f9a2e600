import type { Context } from '../../context.ts';
import { NotFoundError } from '../../domain/errors.ts';
import type { ReminderState } from '../../domain/reminder.ts';
import { type CampaignRecord, findCampaign } from '../../store/campaign.ts';
import { confirmReminder, deleteReminder, findReminder } from '../../store/reminder.ts';
import { setAlarm } from './request-reminder.ts';

/** What the holder of a reminder's link may see. */
export interface Reminder {
  state: ReminderState;
  campaign: CampaignRecord;
  /** The moment has come. */
  over: boolean;
}

/** @throws NotFoundError when the link is not one of ours, or what it was for has been erased. */
export async function showReminder(ctx: Context, input: { token: string }): Promise<Reminder> {
  const id = ctx.vault.readReminderToken(input.token);
  const reminder = id && (await findReminder(ctx.db, id));
  const campaign = reminder ? await findCampaign(ctx.db, { id: reminder.campaignId }) : null;
  if (!reminder || !campaign) throw new NotFoundError('There is no such reminder');
  const over = ctx.clock.now() >= campaign.moment.instant.getTime();
  return { state: reminder.state, campaign, over };
}

/** The address is its owner's wish. Does nothing for a link that is confirmed already, or whose moment is past. */
export async function followReminder(ctx: Context, input: { token: string }): Promise<void> {
  const id = ctx.vault.readReminderToken(input.token);
  const moment = id && (await confirmReminder(ctx.db, id));
  if (id && moment) await setAlarm(ctx, id, moment);
}

/** Erases the address and all that came of it. Does nothing where nothing is left. */
export async function eraseReminder(ctx: Context, input: { token: string }): Promise<void> {
  const id = ctx.vault.readReminderToken(input.token);
  if (id) await deleteReminder(ctx.db, id);
}
