import type { Context } from '../context.ts';
import { listOutbox } from '../store/outbox.ts';

/** A mail that was kept instead of sent: what it is about, and where it leads. To whom is told to nobody. */
export interface KeptMail {
  subject: string;
  at: Date;
  path: string;
}

/** The latest first; `null` where a mail server sends them. */
export async function showOutbox(ctx: Context): Promise<KeptMail[] | null> {
  if (ctx.mailer !== null) return null;
  const kept = await listOutbox(ctx.db);
  return kept.map(({ reminderId, subject, at }) => ({
    subject,
    at,
    path: `/m/${ctx.vault.reminderToken(reminderId)}`,
  }));
}
