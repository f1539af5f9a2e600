import type { RefusalReason } from '../../domain/outcome.ts';
import { clockToTenth, momentWords } from '../format.ts';
import type { Translate } from '../i18n.ts';
import type { ReceiptEntry, ReceiptView } from '../views/receipt.ts';
import { returnWords } from './receipt-text.tsx';

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
  const state = wordedState(entry);
  return (
    <>
      <Heading id={`state-${entry.id}`} class="poster" data-headline>
        {t(`receipt.state.${state}.title`, { time })}
      </Heading>
      <p class="lede">{t(`receipt.state.${state}.text`, { platform })}</p>
      {state === 'withdrawn' ? <p>{returnWords(entry, t)}</p> : null}
      {entry.postedAt ? (
        <p class="receipt-zone">
          {t('receipt.zone', { zone: momentWords(view.locale, view.moment).zone })}
        </p>
      ) : null}
      {entry.reconnectAction ? (
        <Reconnect action={entry.reconnectAction} {...{ entry, t }} />
      ) : entry.otherAction ? (
        <Other action={entry.otherAction} {...{ entry, t }} />
      ) : (
        <Reason {...{ entry, t }} />
      )}
      <See {...{ entry, t }} />
    </>
  );
}

/** Reasons for which a post is refused that its network never saw. */
const NEVER_SENT: ReadonlySet<RefusalReason> = new Set([
  'challenged',
  'platform_down',
  'window_expired',
  'consent_mismatch',
  'stopped',
]);

/** Which words say the state, so that they agree with the reason that stands below them. */
function wordedState({ state, reason, settled, tried }: ReceiptEntry) {
  if (state === 'unconfirmed' && settled) return 'unknown';
  const waits = state === 'pledged' || state === 'pending' || state === 'armed';
  if (waits && reason !== null) return 'hindered';
  const isUnseen = state === 'refused' && (!tried || (reason !== null && NEVER_SENT.has(reason)));
  return isUnseen ? 'dropped' : state;
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
      {entry.barred ? <p>{t('receipt.barred_later')}</p> : null}
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

/** Nothing will ever go out from this account, so that connecting it again would mend nothing. */
function Other({ action, entry, t }: PartProps & { action: string }) {
  return (
    <form method="post" action={action}>
      {entry.reason ? (
        <p>
          <strong>{t(`receipt.reasons.${entry.reason}`, { platform: entry.platformLabel })}</strong>
        </p>
      ) : null}
      <p>{t('receipt.other_account')}</p>
      <p>
        <button class="button" type="submit">
          {t('receipt.add_button')}
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
