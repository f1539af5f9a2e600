import type { Context } from '../../context.ts';
import { countOutbox, listOutbox } from '../../store/outbox.ts';

/** A mail that was kept instead of sent: what it is about, and where it leads. The recipient is never shown. */
export interface KeptMail {
  subject: string;
  at: Date;
  path: string;
}

/** Mails that one page shows. They are kept for a day. */
const PAGE = 200;

/** The kept mails, the latest first; `total` counts those beyond the page, too. `null` where a mail server sends them. */
export async function showOutbox(
  ctx: Context,
): Promise<{ mails: KeptMail[]; total: number } | null> {
  if (ctx.mailer !== null) return null;
  const kept = await listOutbox(ctx.db, PAGE);
  const mails = kept.map(({ reminderId, subject, at }) => ({
    subject,
    at,
    path: `/m/${ctx.vault.reminderToken(reminderId)}`,
  }));
  return { mails, total: await countOutbox(ctx.db) };
}
