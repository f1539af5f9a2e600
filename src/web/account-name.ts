import type { Translate } from './i18n.ts';

/** What an account is called, marked where the network has not confirmed the name yet. */
export function accountName(
  t: Translate,
  { handle, unconfirmed }: { handle: string; unconfirmed: boolean },
): string {
  return unconfirmed ? t('receipt.account_unconfirmed', { handle }) : handle;
}
