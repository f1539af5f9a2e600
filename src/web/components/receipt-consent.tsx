import { accountName } from '../account-name.ts';
import { dayAndClock, momentWords, sentence } from '../format.ts';
import type { Translate } from '../i18n.ts';
import type { ReceiptEntry, ReceiptView } from '../views/receipt.ts';
import { CampaignTitle } from './campaign-title.tsx';

interface ConsentProps {
  view: ReceiptView;
  entry: ReceiptEntry;
  t: Translate;
  level: 'h2' | 'h3';
}

/** What its owner agreed to, to the last digit of the fingerprint. */
export function ReceiptConsent({ view, entry, t, level: Heading }: ConsentProps) {
  const { agreed } = entry;
  if (!agreed) return null;
  const account = { handle: accountName(t, agreed), platform: entry.platformLabel };
  const { zone } = momentWords(view.locale, view.moment);
  const at = dayAndClock(view.locale, agreed.consentedAt, view.moment.zone);
  const consented = `${sentence(at)} (${zone})`;
  const rows = [
    [t('receipt.account'), t('receipt.account_text', account)],
    [t('receipt.campaign'), <CampaignTitle title={view.campaignTitle} locale={view.titleLocale} />],
    [t('receipt.organiser'), <bdi>{view.organiser}</bdi>],
    [t('receipt.consented'), <time datetime={agreed.consentedAt}>{consented}</time>],
    [t('receipt.scope'), <code>{agreed.scope}</code>],
    [t('receipt.policy'), agreed.policyVersion],
    [t('receipt.hash'), <code>{agreed.textHash}</code>],
  ];
  return (
    <section class="receipt-consent" aria-labelledby={`consent-${entry.id}`}>
      <Heading id={`consent-${entry.id}`} class="rubric">
        {t('receipt.consent')}
      </Heading>
      <dl>
        {rows.map(([term, detail]) => (
          <div>
            <dt>{term}</dt>
            <dd>{detail}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
