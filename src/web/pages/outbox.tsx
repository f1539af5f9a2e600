import { OperatorPage } from '../components/operator-page.tsx';
import { renderDocument } from '../document.tsx';
import { formatNumber } from '../format.ts';
import type { OutboxView } from '../views/assisted.ts';

/** Mails of an instance without a mail server, so that one person can try everything out on their own machine. */
export function outboxPage({ mails, total, signOutAction }: OutboxView): string {
  return renderDocument(
    <OperatorPage title="Outbox · Tocsin" signOutAction={signOutAction} mainClass="ops-home">
      <h1>Outbox</h1>
      {mails === null ? (
        <p class="lede">Mails go out through SMTP_URL; none are kept here.</p>
      ) : (
        <p class="lede">
          This instance has no <code>SMTP_URL</code>, so mails are kept here for a day and sent to
          nobody. Addresses are not shown.
        </p>
      )}
      {mails?.length === 0 ? <p>There are none.</p> : null}
      {mails && total > mails.length ? (
        <p>
          These are the latest {formatNumber('en', mails.length)} of {formatNumber('en', total)}.
        </p>
      ) : null}
      <ul class="bills">
        {(mails ?? []).map(({ subject, at, href }) => (
          <li class="bill">
            <h2>
              <a href={href}>{subject}</a>
            </h2>
            <p class="bill-by">
              <time datetime={at}>{at}</time>
            </p>
          </li>
        ))}
      </ul>
    </OperatorPage>,
  );
}
