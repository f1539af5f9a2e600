import type { Translate } from './i18n.ts';

/** What an account is called, marked where nobody could confirm that yet. */
export function accountName(
  t: Translate,
  { handle, unconfirmed }: { handle: string; unconfirmed: boolean },
): string {
  return unconfirmed ? t('receipt.account_unconfirmed', { handle }) : handle;
}
