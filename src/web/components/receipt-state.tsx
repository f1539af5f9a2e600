import { clockToTenth, momentWords } from '../format.ts';
import type { Translate } from '../i18n.ts';
import type { ReceiptEntry, ReceiptView } from '../receipt-views.ts';

interface StateProps {
  view: ReceiptView;
  entry: ReceiptEntry;
  t: Translate;
  /** The state is the page's heading, or that of one post among several. */
  level: 'h1' | 'h2';
}

/** What has become of a post, why, and what there is to do. */
export function EntryState({ view, entry, t, level: Heading }: StateProps) {
  const platform = entry.platformLabel;
  const at = entry.postedAt ?? view.moment.instant;
  const time = clockToTenth(view.locale, at, view.moment.zone);
  const state = entry.state === 'unconfirmed' && entry.settled ? 'unknown' : entry.state;
  return (
    <>
      <Heading id={`state-${entry.id}`} class="poster" data-headline>
        {t(`receipt.state.${state}.title`, { time })}
      </Heading>
      <p class="lede">{t(`receipt.state.${state}.text`, { platform })}</p>
      {entry.postedAt ? (
        <p class="receipt-zone">
          {t('receipt.zone', { zone: momentWords(view.locale, view.moment).zone })}
        </p>
      ) : null}
      {entry.reconnectAction ? (
        <Reconnect action={entry.reconnectAction} {...{ entry, t }} />
      ) : (
        <Reason {...{ entry, t }} />
      )}
      <See {...{ entry, t }} />
    </>
  );
}

interface PartProps {
  entry: ReceiptEntry;
  t: Translate;
}

/** The reason says what to do; where that is to post by hand, the way there is a button. */
function Reason({ entry, t }: PartProps) {
  return (
    <>
      {entry.reason ? (
        <p>{t(`receipt.reasons.${entry.reason}`, { platform: entry.platformLabel })}</p>
      ) : null}
      {entry.byHandHref ? (
        <p>
          <a class="button" href={entry.byHandHref}>
            {t('receipt.by_hand')}
          </a>
        </p>
      ) : null}
    </>
  );
}

/** Where it is the account that is in trouble, connecting again helps only once that is over. */
function Reconnect({ action, entry, t }: PartProps & { action: string }) {
  const platform = entry.platformLabel;
  const trouble = entry.reason === 'reauthorize' ? null : entry.reason;
  return (
    <form method="post" action={action}>
      <input type="hidden" name="pledge" value={entry.id} />
      <p>
        <strong>
          {trouble
            ? t(`receipt.reasons.${trouble}`, { platform })
            : t('receipt.reconnect', { platform })}
        </strong>
      </p>
      <p>
        {trouble ? t('receipt.reconnect_later') : t('receipt.reconnect_suspended', { platform })}
      </p>
      <p>
        <button class="button" type="submit">
          {t('receipt.reconnect_button')}
        </button>
      </p>
    </form>
  );
}

function See({ entry, t }: PartProps) {
  if (!entry.postUrl || !/^https?:\/\//i.test(entry.postUrl)) return null;
  return (
    <p>
      <a class="button" href={entry.postUrl} rel="noopener noreferrer">
        {t('receipt.see')}
      </a>
    </p>
  );
}
