import { describe, expect, it } from 'vitest';
import { RETURNS } from '../../src/domain/permission.ts';
import { LOCALES, translator } from '../../src/web/i18n.ts';
import { receiptPage } from '../../src/web/index.ts';
import type { ReceiptEntry, ReceiptState } from '../../src/web/views/receipt.ts';
import { receiptEntry, receiptView } from './receipt-samples.ts';

function shown(locale: string, state: ReceiptState, change: Partial<ReceiptEntry>): string {
  return receiptPage({ ...receiptView(state, locale, change), notice: null });
}

/** What only a network can do that has answered so. */
const ASKED = /has asked|hat uns gebeten|nos ha pedido|nous demande|ci chiede|просит|طلبت منصة/;

describe.each(LOCALES)('what a receipt says of its state, in %s', (locale) => {
  const t = translator(locale);
  const platform = 'X';

  it('B5 does not say that a post waits for the moment which would not go out', () => {
    const dead = shown(locale, 'pledged', { reason: 'reauthorize', reconnectAction: '/add' });
    const barred = shown(locale, 'pending', { reason: 'account_locked', barred: true });
    for (const page of [dead, barred]) {
      expect(page).toContain(t('receipt.state.hindered.title'));
      expect(page).not.toContain(t('receipt.state.pledged.text'));
      expect(page).not.toContain(t('receipt.state.pending.text'));
    }
    expect(barred).toContain(t('receipt.reasons.account_locked', { platform }));
    expect(barred).toContain(t('receipt.barred_later'));
    expect(shown(locale, 'pledged', {})).toContain(t('receipt.state.pledged.text'));
  });

  it('B5 offers another account where no time will mend this one', () => {
    const page = shown(locale, 'pledged', { reason: 'account_memorial', otherAction: '/add' });
    expect(page).toContain(t('receipt.other_account'));
    expect(page).not.toContain(t('receipt.reconnect_later'));
    expect(page).not.toContain(t('receipt.reconnect_button'));
  });

  it('B7 says of a post that waits no more than is true of every wait, and how long it can be withdrawn', () => {
    const page = shown(locale, 'waiting', { withdrawAction: '/withdraw' });
    expect(page).toContain(t('receipt.state.waiting.text', { platform }));
    expect(page).not.toMatch(ASKED);
    expect(page).toContain(t('receipt.withdraw_text'));
  });

  it('promises of a permission what its network has a way for, before and after', () => {
    const entries = RETURNS.map((returns) => ({ returns, platformLabel: `At ${returns}` }));
    for (const entry of entries) {
      const words = t(`receipt.returns.${entry.returns}`, { platform: entry.platformLabel });
      const others = RETURNS.filter((one) => one !== entry.returns);
      for (const state of ['pledged', 'withdrawn'] as const) {
        const page = shown(locale, state, entry);
        expect(page, state).toContain(words);
        // To withdraw and to erase; or what has become of it, and to erase.
        expect(page.split(words), state).toHaveLength(3);
        for (const one of others) {
          const platform = entry.platformLabel;
          expect(page).not.toContain(t(`receipt.returns.${one}`, { platform }));
        }
      }
    }
    const several = receiptView('pledged', locale);
    const erasing = receiptPage({
      ...several,
      entries: [...entries, ...entries].map((entry) => receiptEntry('posted', locale, entry)),
    });
    for (const { returns, platformLabel: platform } of entries) {
      const words = t(`receipt.returns.${returns}`, { platform });
      expect(erasing.split(words)).toHaveLength(2);
    }
  });

  it('B7 says of a post that its network never saw that it was not sent', () => {
    const untried = { reason: 'account_moved', tried: false } as const;
    const shielded = { reason: 'challenged', tried: true } as const;
    for (const change of [untried, shielded]) {
      const page = shown(locale, 'refused', change);
      expect(page).toContain(t('receipt.state.dropped.title'));
      expect(page).not.toContain(t('receipt.state.refused.text', { platform }));
    }
    const told = shown(locale, 'refused', { reason: 'text_invalid', tried: true });
    expect(told).toContain(t('receipt.state.refused.text', { platform }));
  });
});
