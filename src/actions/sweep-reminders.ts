import type { Context } from '../context.ts';
import { eraseStaleReminders, findDueReminders } from '../store/reminder.ts';

/** Alarms that one sweep sets again; the next one sets more. */
const MOST_MAILS = 200;

/** Erases addresses that have had their time, and sets the alarm of every mail that is due and whose own did not ring. */
export async function sweepReminders(ctx: Context): Promise<void> {
  await eraseStaleReminders(ctx.db);
  for (const reminderId of await findDueReminders(ctx.db, MOST_MAILS)) {
    await ctx.queues.enqueue('mail', { reminderId });
  }
}
