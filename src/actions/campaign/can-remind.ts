import type { Context } from '../../context.ts';

/**
 * Whether this instance can promise reminders: it has a mail server, or it is one person's on their own machine, who reads the
 * mails in the outbox.
 */
export function canRemind(ctx: Context): boolean {
  const { hostname } = new URL(ctx.baseUrl || 'http://localhost');
  const here = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return ctx.mailer !== null || (ctx.config.soleOperator && here);
}
