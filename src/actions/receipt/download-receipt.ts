import type { Selectable } from 'kysely';
import type { Context } from '../../context.ts';
import { findCampaign } from '../../store/campaign.ts';
import { openIntent } from '../../store/intent.ts';
import { type ReceiptData, readReceiptData } from '../../store/receipt-data.ts';
import type {
  AttemptTable,
  CredentialTable,
  DeliveryTable,
  IntentTable,
  OauthFlowTable,
  PledgeTable,
} from '../../store/schema.ts';
import type { PledgeContent } from '../../store/vault/sealed-pledge.ts';
import { openPost, openStage } from '../../store/vault/sealed-post.ts';
import { openFlow } from '../join/flow-content.ts';
import { findPledgesOnReceipt, openContentIfLeft } from '../pledge/receipt-access.ts';

/** For people and programs alike: the keys are words. */
type Told = Readonly<Record<string, unknown>>;

/**
 * Everything that is held because of a receipt, but for secrets: a permission itself is named and not given away. Instants are
 * ISO 8601 in UTC. @throws NotFoundError
 */
export async function downloadReceipt(
  ctx: Context,
  input: { receiptToken: string },
): Promise<Told> {
  const { receiptId, pledges } = await findPledgesOnReceipt(ctx, input);
  const data = await readReceiptData(ctx.db, receiptId);
  const campaign = await findCampaign(ctx.db, { id: pledges[0].campaign_id });
  return {
    'what this is': ABOUT,
    'made at': new Date(ctx.clock.now()),
    campaign: campaign?.slug ?? null,
    'receipt number': receiptId,
    posts: await Promise.all(data.pledges.map((pledge) => postOf(ctx, pledge, data))),
    'words you chose last': await Promise.all(data.intents.map((row) => wordsOf(ctx, row))),
    'sign-ins begun from this receipt': await Promise.all(
      data.flows.map((row) => signInOf(ctx, row)),
    ),
  };
}

async function wordsOf(ctx: Context, row: Selectable<IntentTable>): Promise<Told> {
  const { locale, words } = await openIntent(ctx.db, ctx.vault, row);
  return {
    'language of the page': locale,
    'language of the text': words.textLocale,
    'number of the wording': words.variant,
    'your own words': words.own,
    'what you typed into its blanks': words.typed,
    'forgotten at': row.expires_at,
  };
}

async function signInOf(ctx: Context, row: Selectable<OauthFlowTable>): Promise<Told> {
  const { platform, campaign_id: campaignId, intent_id: intentId, sealed } = row;
  const flow = await openFlow(ctx, { campaignId, intentId, platform, sealed }, row.state_hash);
  return {
    network: platform,
    'language of the page': flow.locale,
    'language of the text': flow.textLocale,
    ...warned(flow),
    text: flow.text,
    'valid until, and forgotten an hour later': row.expires_at,
    'used at': row.used_at,
  };
}

const ABOUT =
  'Everything that this service holds because of your receipt. The permissions that you gave are held sealed and are not in ' +
  'here: whoever has one could post in your name. We keep no network address and no list of supporters. Times are UTC.';

async function postOf(
  ctx: Context,
  pledge: Selectable<PledgeTable>,
  data: ReceiptData,
): Promise<Told> {
  const content = await openContentIfLeft(ctx, pledge);
  const delivery = data.deliveries.find(({ pledge_id: of }) => of === pledge.id);
  const credentials = data.credentials.filter(({ pledge_id: of }) => of === pledge.id);
  return {
    number: pledge.id,
    network: pledge.platform,
    account: content ? accountOf(pledge, content) : ERASED,
    state: pledge.state,
    'what you agreed to': content ? agreedOf(pledge, content) : ERASED,
    permissions: credentials.length === 0 ? DESTROYED : credentials.map(permissionOf),
    sending: delivery ? await sendingOf(ctx, delivery, data.attempts) : 'not due yet',
  };
}

const ERASED = 'erased when you withdrew';

function accountOf(pledge: Selectable<PledgeTable>, { account, followers }: PledgeContent): Told {
  return {
    name: account.handle,
    'name confirmed': account.unconfirmed !== true,
    'number at the network': account.id,
    'followers, rounded, at most 10,000': followers ?? null,
    'fingerprint, by which we see that it has joined already':
      pledge.account_hash?.toString('hex') ?? null,
    'server, or the fingerprint of its name': pledge.host,
  };
}

function agreedOf(pledge: Selectable<PledgeTable>, agreed: PledgeContent): Told {
  return {
    ...warned(agreed),
    text: agreed.text,
    'fingerprint of the text (SHA-256)': agreed.textHash,
    'language of the text': agreed.locale,
    permission: agreed.scope,
    'version of the terms': agreed.policyVersion,
    'agreed at': pledge.consented_at,
  };
}

/** Nothing where there is none. The fingerprint is then of the warning, a zero byte and the text. */
function warned({ contentWarning }: { contentWarning?: string }): Told {
  return contentWarning === undefined ? {} : { 'content warning before the text': contentWarning };
}

const DESTROYED = 'destroyed: we hold none any more';

function permissionOf(credential: Selectable<CredentialTable>): Told {
  return {
    'how it is held': 'sealed; its content is not in this file',
    state: credential.state,
    'held since': credential.created_at,
    'ends at': credential.expires_at,
    'looked at last': credential.checked_at,
    'what is the matter with the account': credential.dead_reason,
  };
}

async function sendingOf(
  ctx: Context,
  delivery: Selectable<DeliveryTable>,
  attempts: readonly Selectable<AttemptTable>[],
): Promise<Told> {
  const { campaign_id: campaignId, sealed_stage: sealedStage } = delivery;
  const key = { ...delivery, campaignId, sealedStage };
  const post = await openPost(ctx.vault, ctx.db, key);
  return {
    'number in the ledger': delivery.id,
    state: delivery.state,
    reason: delivery.reason,
    'tries so far': delivery.attempts,
    'next try at': delivery.due_at,
    'begun at': delivery.marked_at,
    'sent at': delivery.sent_at,
    'over at': delivery.settled_at,
    'number of the post at the network': post.id,
    'address of the post': post.url,
    'prepared at the network as': await openStage(ctx.vault, ctx.db, key),
    server: delivery.host,
    tries: attempts
      .filter((attempt) => attempt.delivery_id === delivery.id)
      .map((attempt) => ({
        number: attempt.number,
        'sent at': attempt.sent_at,
        'answered at': attempt.answered_at,
        'answered at, by the network’s own clock': attempt.network_at,
        outcome: attempt.outcome,
        'what the network said': attempt.detail,
      })),
  };
}
