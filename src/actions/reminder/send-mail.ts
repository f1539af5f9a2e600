import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../../context.ts';
import { mayRetryMail, nextMailAt } from '../../domain/reminder.ts';
import { confirmationLetter, type Letter, reminderLetter } from '../../mail/letters.ts';
import { MAIL_CONNECTIONS, MailRefused } from '../../mail/mailer.ts';
import { type CampaignRecord, findCampaign } from '../../store/campaign.ts';
import { notify } from '../../store/connection/database.ts';
import { insertOutbox } from '../../store/outbox.ts';
import {
  failMail,
  markMail,
  type OwedMail,
  postponeMail,
  reminderDueAt,
  settleMail,
} from '../../store/reminder.ts';
import { untilHeard } from '../health/check-clock.ts';

/** Mails that one process has under way. */
export const MAIL_CONCURRENCY = MAIL_CONNECTIONS;
/** An alarm that rings early by less than this is waited out; one that rings earlier was set for another moment. */
const EARLY_MS = 5_000;
/** Our estimate of the database's clock may be ahead of it by this much. */
const CLOCK_MARGIN_MS = 5;

/**
 * Hands a reminder's next mail to the mail server, if one is due. Marked before, settled after: a process that is killed in
 * between leaves a mail that goes out again, once for each kill at worst; none is lost.
 */
export async function sendMail(ctx: Context, input: { reminderId: string }): Promise<void> {
  if (!(await untilDue(ctx, input.reminderId))) return;
  await untilHeard(ctx);
  const mail = await markMail(ctx.db, input.reminderId);
  const campaign = mail && (await findCampaign(ctx.db, { id: mail.campaignId }));
  if (!mail || !campaign) return;
  try {
    await handOver(ctx, mail, campaign);
  } catch (error) {
    if (!(error instanceof MailRefused)) throw error;
    await refused(ctx, mail, error);
    return;
  }
  await settleMail(ctx.db, mail);
  await notify(ctx.db, 'delivery', mail.campaignId);
}

async function untilDue(ctx: Context, id: string): Promise<boolean> {
  const due = await reminderDueAt(ctx.db, id);
  if (due === null) return false;
  const waitMs = due.getTime() + CLOCK_MARGIN_MS - ctx.clock.now();
  if (waitMs > EARLY_MS || ctx.stopping.aborted) return false;
  if (waitMs > 0) await sleep(waitMs, undefined, { signal: ctx.stopping }).catch(() => undefined);
  return !ctx.stopping.aborted;
}

async function handOver(ctx: Context, mail: OwedMail, campaign: CampaignRecord): Promise<void> {
  const token = ctx.vault.reminderToken(mail.id);
  const eraseUrl = `${ctx.baseUrl}/m/${token}/erase`;
  const query = mail.lang === null ? '' : `?lang=${mail.lang}`;
  const link = `${ctx.baseUrl}/m/${token}${query}`;
  const letter = writeMail(mail, campaign, link, eraseUrl + query);
  if (ctx.mailer === null) {
    await insertOutbox(ctx.db, { reminderId: mail.id, subject: letter.subject });
    return;
  }
  const place = reminderSealContext(mail.campaignId, mail.id);
  const to = await ctx.vault.open<string>(ctx.db, place, mail.address);
  const messageId = `<${mail.id}.${mail.state}@${new URL(ctx.baseUrl).hostname}>`;
  await ctx.mailer.send({ ...letter, to, messageId, eraseUrl });
}

function writeMail(
  { state, locale }: OwedMail,
  { moment }: CampaignRecord,
  link: string,
  eraseLink: string,
): Letter {
  const { instant, wall, zone } = moment;
  const view = { locale, moment: { instant: instant.toISOString(), wall, zone }, link, eraseLink };
  return state === 'asked' ? confirmationLetter(view) : reminderLetter(view);
}

async function refused(ctx: Context, mail: OwedMail, { trouble }: MailRefused): Promise<void> {
  const again = mayRetryMail(trouble);
  ctx.log.warn({ reminder: mail.id, ...trouble, again }, 'a mail was not taken');
  if (again) {
    const at = nextMailAt(new Date(ctx.clock.now()), mail.attempts, Math.random);
    await postponeMail(ctx.db, mail, at);
  } else {
    await failMail(ctx.db, mail);
  }
  await notify(ctx.db, 'delivery', mail.campaignId);
}

/** Where an address is sealed for. */
export function reminderSealContext(campaignId: string, reminderId: string) {
  return { column: 'reminder.address' as const, campaignId, platform: '', rowId: reminderId };
}
