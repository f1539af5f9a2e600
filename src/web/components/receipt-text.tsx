import type { Translate } from '../i18n.ts';
import type { ReceiptEntry } from '../views/receipt.ts';

interface PartProps {
  entry: ReceiptEntry;
  t: Translate;
}

/** The way to another text, or why there is none. */
export function ChangeText({ entry, t }: PartProps) {
  if (entry.signed) return <p class="receipt-change">{t('receipt.signed')}</p>;
  if (!entry.editHref) return null;
  return (
    <p class="receipt-change">
      <a href={entry.editHref}>{t('receipt.change')}</a>
    </p>
  );
}

/** What becomes of the permission behind a post, as far as its network lets anybody promise that. */
export function returnWords({ returns, platformLabel: platform }: ReceiptEntry, t: Translate) {
  return t(`receipt.returns.${returns}`, { platform });
}

/** Asks once before, without scripts. */
export function Withdraw({ entry, t }: PartProps) {
  if (!entry.withdrawAction) return null;
  return (
    <details class="ask withdraw">
      <summary class="button button-quiet">{t('receipt.withdraw')}</summary>
      <form method="post" action={entry.withdrawAction}>
        <input type="hidden" name="pledge" value={entry.id} />
        <p id={`withdraw-${entry.id}`}>
          {t('receipt.withdraw_text')} {returnWords(entry, t)}
        </p>
        <button class="button button-quiet" type="submit" aria-describedby={`withdraw-${entry.id}`}>
          {t('receipt.withdraw_yes')}
        </button>
      </form>
    </details>
  );
}
