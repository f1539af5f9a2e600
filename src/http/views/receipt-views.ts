import type { CampaignRecord } from '../../actions/campaign/records.ts';
import type { ProposedText } from '../../actions/receipt/edit-pledge.ts';
import type { Receipt, ReceiptPledge } from '../../actions/receipt/show-receipt.ts';
import { REFUSAL_REASONS, type RefusalReason } from '../../domain/outcome.ts';
import type { Frame } from '../../web/views/frame.ts';
import type {
  ChangeView,
  ReceiptEntry,
  ReceiptNotice,
  ReceiptView,
} from '../../web/views/receipt.ts';
import type { ShareView } from '../../web/views/share.ts';
import { assistedPath, campaignCode } from '../campaign-code.ts';
import { campaignPath } from '../paths.ts';
import { inLocale, momentView, textOn } from './campaign-views.ts';

/** What a receipt is made of, and the page on which its text is changed. */

/** `baseUrl`: of the instance. `path`: the receipt's own, with its secret. */
export function receiptView(
  receipt: Receipt,
  { frame, textLocale }: { frame: Frame; textLocale: string },
  { baseUrl, path }: { baseUrl: string; path: string },
  share: ShareView,
  notice: ReceiptNotice | null,
): Omit<ReceiptView, 'follow'> {
  const { campaign, pledges } = receipt;
  const lang = `?lang=${frame.lang}`;
  const agreed = pledges.find(({ content }) => content)?.content?.locale;
  const titleLocale =
    agreed !== undefined && agreed in campaign.content.title ? agreed : textLocale;
  const called = campaign.state === 'cancelled' || campaign.state === 'aborted';
  return {
    ...frame,
    campaignTitle: inLocale(campaign.content.title, titleLocale),
    titleLocale,
    campaignHref: campaignPath(campaign.slug, frame.lang),
    organiser: campaign.content.organiser.name,
    moment: momentView(campaign.moment),
    until: receipt.until.toISOString(),
    entries: pledges.map((one) => receiptEntry(one, campaign, frame.lang, path)),
    notice,
    address: baseUrl + path + lang,
    addAction: receipt.joinable ? `${path}/add${lang}` : null,
    calendarHref: receipt.ahead ? `/at/${campaignCode(campaign.id)}/moment.ics${lang}` : null,
    reminderAction: receipt.reminders ? `${path}/reminder${lang}` : null,
    share: called ? null : { ...share, href: `${campaignPath(campaign.slug)}/share${lang}` },
    dataHref: `${path}/data.json`,
    eraseAction: `${path}/erase${lang}`,
  };
}

function receiptEntry(
  shown: ReceiptPledge,
  campaign: CampaignRecord,
  tag: string,
  path: string,
): ReceiptEntry {
  const { pledge, content, text } = shown;
  const lang = `?lang=${tag}`;
  const reason = reasonOf(shown.reason);
  const isFinal = reason !== null && FINAL.includes(reason);
  return {
    id: pledge.id,
    state: shown.state,
    reason,
    settled: shown.settled,
    platformLabel: shown.platformLabel,
    returns: shown.returns,
    agreed: content && {
      handle: content.account.handle,
      unconfirmed: content.account.unconfirmed === true,
      text: content.text,
      ...(content.contentWarning !== undefined && { contentWarning: content.contentWarning }),
      textLocale: content.locale,
      consentedAt: pledge.consented_at.toISOString(),
      scope: content.scope,
      textHash: content.textHash,
      policyVersion: content.policyVersion,
    },
    postedAt: shown.postedAt?.toISOString() ?? null,
    postUrl: shown.postUrl,
    reconnectAction: shown.reconnectable && !isFinal ? `${path}/reconnect${lang}` : null,
    otherAction: shown.reconnectable && isFinal ? `${path}/add${lang}` : null,
    barred: shown.barred,
    tried: shown.tried,
    editHref: text === 'changeable' ? `${path}/edit/${pledge.id}${lang}` : null,
    signed: text === 'signed',
    withdrawAction: shown.withdrawable ? `${path}/withdraw${lang}` : null,
    byHandHref: missed(shown) ? assistedPath(campaign.id, tag) : null,
  };
}

/** What no time will mend: nothing goes out from such an account any more. */
const FINAL: readonly RefusalReason[] = [
  'account_gone',
  'account_memorial',
  'account_moved',
  'no_text_posts',
];

/** Reasons with which a text can be posted by hand all the same. */
const BY_HAND: readonly (RefusalReason | null)[] = [
  'reauthorize',
  'page_gone',
  'key_barred',
  'relay_members_only',
  'text_invalid',
  'quota_user',
  'quota_app',
  'app_problem',
  'platform_down',
  'window_expired',
  'consent_mismatch',
];

/** It has not been posted and will not be, but its owner still can. */
function missed({ state, reason, settled }: ReceiptPledge): boolean {
  if (state === 'unconfirmed') return settled;
  return (state === 'refused' || state === 'dropped') && BY_HAND.includes(reasonOf(reason));
}

function reasonOf(reason: string | null): RefusalReason | null {
  return REFUSAL_REASONS.find((known) => known === reason) ?? null;
}

/** `path`: the receipt's own. `fields`: what was chosen and typed. */
export function changeView(
  proposed: ProposedText,
  frame: Frame,
  path: string,
  fields: Readonly<Record<string, string>>,
  exitHref: string,
): ChangeView {
  const { pledge, content, campaign, message, words } = proposed;
  const lang = `?lang=${frame.lang}`;
  const edit = `${path}/edit/${pledge.id}`;
  return {
    ...frame,
    text: message.text,
    textLocale: words.textLocale,
    on: textOn(message),
    fits: proposed.fits,
    handle: content.account.handle,
    unconfirmed: content.account.unconfirmed === true,
    moment: momentView(campaign.moment),
    scope: content.scope,
    action: `${edit}/agree${lang}`,
    fields: { ...fields, shown: message.hash },
    wordsHref: edit + lang,
    receiptHref: path + lang,
    exitHref,
  };
}
