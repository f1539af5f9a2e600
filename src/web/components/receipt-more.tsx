import type { ComponentChildren } from 'preact';
import type { Translate } from '../i18n.ts';
import { qrSvg } from '../qr.ts';
import type { ReceiptView } from '../views/receipt.ts';
import { Part as FollowedPart } from './follow.tsx';
import { returnWords } from './receipt-text.tsx';
import { ShareButtons } from './share-buttons.tsx';

interface PartProps {
  view: ReceiptView;
  t: Translate;
}

/** Everything that a receipt is good for besides being read: each a small part of its own, none of them loud. */
export function ReceiptMore({ view, t }: PartProps) {
  return (
    <div class="receipt-more">
      <FollowedPart name="add">
        <Add {...{ view, t }} />
      </FollowedPart>
      <FollowedPart name="remember">
        <Remember {...{ view, t }} />
      </FollowedPart>
      <Share {...{ view, t }} />
      <Data {...{ view, t }} />
    </div>
  );
}

function Part({ id, title, children }: { id: string; title: string; children: ComponentChildren }) {
  return (
    <section class={`receipt-part receipt-${id}`} aria-labelledby={`part-${id}`}>
      <h2 id={`part-${id}`} class="rubric">
        {title}
      </h2>
      {children}
    </section>
  );
}

function Add({ view, t }: PartProps) {
  if (!view.addAction) return null;
  return (
    <Part id="add" title={t('receipt.add')}>
      <form method="post" action={view.addAction}>
        <p id="add-text">{t('receipt.add_text')}</p>
        <button class="button button-quiet" type="submit" aria-describedby="add-text">
          {t('receipt.add_button')}
        </button>
      </form>
    </Part>
  );
}

/** The entry in the calendar and the mail say nothing of what they are about. */
function Remember({ view, t }: PartProps) {
  if (!view.calendarHref) return null;
  return (
    <Part id="remember" title={t('receipt.remember')}>
      <p>{t('assisted.calendar_text')}</p>
      <p>
        <a class="button button-quiet" href={view.calendarHref}>
          {t('assisted.calendar_button')}
        </a>
      </p>
      <Reminder {...{ view, t }} />
    </Part>
  );
}

function Reminder({ view, t }: PartProps) {
  if (!view.reminderAction) return null;
  const wrong = view.notice === 'wrong_address';
  return (
    <form class="fields" method="post" action={view.reminderAction}>
      <p id="address-text">{t('assisted.reminder_text')}</p>
      <div class="field">
        <label for="address">{t('assisted.reminder_label')}</label>
        <input
          id="address"
          name="address"
          type="email"
          autocomplete="email"
          aria-describedby="address-text"
          aria-invalid={wrong ? 'true' : undefined}
          autofocus={wrong}
          required
        />
      </div>
      <button class="button button-quiet" type="submit">
        {t('assisted.reminder_button')}
      </button>
    </form>
  );
}

/** The campaign's address, never the receipt's. */
function Share({ view, t }: PartProps) {
  if (!view.share) return null;
  const { link, href } = view.share;
  return (
    <Part id="share" title={t('receipt.share')}>
      <p>{t('receipt.share_text')}</p>
      <ShareButtons share={view.share} locale={view.locale} />
      <div
        class="receipt-qr"
        // Nothing but squares, and a label that is escaped.
        dangerouslySetInnerHTML={{ __html: qrSvg(link, t('share.qr_label', { link })) }}
      />
      <p>
        <a class="button button-quiet" href={href}>
          {t('receipt.share_button')}
        </a>
      </p>
    </Part>
  );
}

function Data({ view, t }: PartProps) {
  const returned = new Set(view.entries.map((entry) => returnWords(entry, t)));
  const posted = view.entries.some(({ state }) => state === 'posted');
  return (
    <Part id="data" title={t('receipt.data')}>
      <p>{t('receipt.data_text')}</p>
      <p>
        <a class="button button-quiet" href={view.dataHref} download="receipt.json">
          {t('receipt.data_button')}
        </a>
      </p>
      <details class="ask">
        <summary class="button button-quiet">{t('receipt.erase')}</summary>
        <form method="post" action={view.eraseAction}>
          <p>{t('receipt.erase_text')}</p>
          {[...returned].map((words) => (
            <p>{words}</p>
          ))}
          {posted ? <p>{t('receipt.erase_posted')}</p> : null}
          <p>{t('receipt.erase_left')}</p>
          <button class="button button-quiet" type="submit">
            {t('receipt.erase_yes')}
          </button>
        </form>
      </details>
    </Part>
  );
}
