import type { Context } from '../../context.ts';
import {
  type LocatorProblem,
  LocatorRejected,
  normaliseLocator,
  parseLocatorUser,
} from '../../domain/account-locator.ts';
import { errorWord } from '../../domain/error-word.ts';
import { ConflictError, NotFoundError } from '../../domain/errors.ts';
import { guessLocator } from '../../domain/guess-locator.ts';
import type { Permission } from '../../domain/permission.ts';
import { isTaken } from '../../domain/text-rule.ts';
import {
  AccountUnfit,
  type Authorization,
  type AuthorizeInput,
  type Platform,
} from '../../platforms/platform.ts';
import { newSecret, secretHash } from '../../secret-token.ts';
import type { CampaignRecord } from '../../store/campaign.ts';
import { claimIntent, type IntentRecord, saveIntent } from '../../store/intent.ts';
import { insertOauthFlow } from '../../store/oauth-flow.ts';
import { newRowId } from '../../store/row-id.ts';
import { findJoinable } from '../campaign/find-campaign.ts';
import { type ComposedMessage, composeAgreed, composeMessage } from '../message/compose-message.ts';
import { offeredPlatforms } from '../platform/offered-platforms.ts';
import { type AgainPledge, findAgainPledge } from '../pledge/again-pledge.ts';
import { INTENT_LIFE_MS } from './choose-words.ts';
import { sealFlow } from './flow-content.ts';
import { callbackUrl, flowSecret } from './flow-secret.ts';
import { joinFailure } from './join-failure.ts';
import type { JoinFailure } from './join-result.ts';
import { getLookups, LookupsBusy } from './lookups.ts';
import { findIntentByToken, shownHash } from './show-intent.ts';

/** How long an authorization at the platform may take. */
const FLOW_LIFE_MS = 15 * 60_000;

export interface StartJoin {
  /** Secret of the page on which the words were shown. */
  intentToken: string;
  platform: string;
  /** What the pages' links carry as their language, to come back to. */
  locale: string;
  /** The server or handle that the supporter named, as typed; '' where the platform asks for none. */
  locator: string;
  /** The same as it was typed before, where we doubted it and they insist. */
  confirmedLocator?: string;
  /** What the page named beside the usual, and the supporter agreed to: `AsksMore.agreement`; '' where it named nothing. */
  agreed?: string;
  /** Fingerprint of what the page showed, see {@link shownHash}: consent is for that and nothing else. */
  shownHash: string;
  /** Secret of the browser's cookie: only this browser may come back. */
  browser: string;
}

/** `problem` is null where no server was asked yet, since the name looks like a typing mistake. */
export interface LocatorRefusal {
  kind: 'where_refused';
  platform: string;
  problem: LocatorProblem | null;
  /** What they may have meant. */
  guess: string | null;
}

/** The server wants more to be allowed than the page said: nothing is begun before the supporter agrees to that too. */
export interface AsksMore {
  kind: 'asks_more';
  platform: string;
  /** As the supporter named it. */
  server: string;
  /** All that is asked for, as the platform spells it, and what it allows. */
  scope: string;
  permission: Permission;
  /** Comes back as `agreed`: this server and this scope, and no other. */
  agreement: string;
}

/** Where the way leads: to the platform's page, or nowhere, with the reason. */
export type StartedJoin =
  | { kind: 'authorize'; url: string; state: string }
  /** What the supporter typed for their server or handle cannot be used. */
  | LocatorRefusal
  | AsksMore
  /** The platform, or the way to it, is out of order. */
  | { kind: 'failed'; campaign: CampaignRecord; failure: JoinFailure }
  /** Too many servers are being asked now. */
  | { kind: 'busy' };

/**
 * Begins a pledge: remembers the exact text and gives the platform's page to go to. Nothing is pledged yet.
 * @throws NotFoundError; ConflictError `closed`, `elsewhere` or `text_changed`.
 */
export async function startJoin(ctx: Context, input: StartJoin): Promise<StartedJoin> {
  const way = await findWay(ctx, input);
  const { campaign, intent, platform, message, textLocale, locator } = way;
  const { contentWarning } = message;
  const doubt = findDoubt(platform, way);
  if (doubt) return doubt;
  const state = newSecret();
  const redirectUri = callbackUrl(ctx, platform.name);
  const authorized = await authorize(ctx, platform, {
    redirectUri,
    state,
    locator: normaliseLocator(platform.requires, locator),
    user: parseLocatorUser(locator),
    text: message.text,
    ...(contentWarning !== null && { contentWarning }),
    locale: textLocale,
    moment: campaign.moment.instant,
    wider: platform.wider !== undefined && input.agreed === toWiderPermission(platform)?.agreement,
  });
  if (authorized === 'busy') return { kind: 'busy' };
  if ('problem' in authorized && !(authorized instanceof LocatorRejected)) {
    return { kind: 'failed', campaign, failure: authorized };
  }
  if (authorized instanceof LocatorRejected) return toLocatorRefusal(platform, locator, authorized);
  const secret = flowSecret(platform, redirectUri, authorized);
  const more = asksMore(platform, locator, authorized, secret.scope);
  if (more && input.agreed !== more.agreement) return more;
  const stateHash = secretHash(state);
  const browserHash = secretHash(input.browser);
  const flow = { campaignId: campaign.id, platform: platform.name };
  await insertOauthFlow(ctx.db, {
    ...flow,
    stateHash,
    browserHash,
    // One that connects a pledge again is this browser's already.
    intentId: way.again ? intent.id : await claimOwnIntent(ctx, intent, browserHash),
    sealed: await sealFlow(ctx, flow, stateHash, {
      locale: input.locale,
      textLocale,
      text: message.text,
      ...(contentWarning !== null && { contentWarning }),
      ...(way.again && { pledgeId: way.again.pledge.id }),
      secret,
      choices: null,
    }),
    lifeMs: FLOW_LIFE_MS,
  });
  return { kind: 'authorize', url: authorized.url, state };
}

/**
 * The intent that this browser's pledge will stand on. People pass on the address of the page that they see: whoever follows it
 * has the same words, and a receipt of their own, or each would see the other's account.
 */
async function claimOwnIntent(
  ctx: Context,
  intent: IntentRecord,
  browserHash: Buffer,
): Promise<string> {
  if (await claimIntent(ctx.db, intent.id, browserHash)) return intent.id;
  const id = newRowId();
  await saveIntent(ctx.db, ctx.vault, { ...intent, id }, INTENT_LIFE_MS, browserHash);
  return id;
}

/** A name that is one letter off a well-known one is asked about first, once: it may be a trap. */
function findDoubt(
  platform: Platform,
  { locator, confirmedLocator }: Pick<JoinWay, 'locator' | 'confirmedLocator'>,
): LocatorRefusal | null {
  const { requires: asks, knownPlaces = [] } = platform;
  const guess = guessLocator(asks, locator, knownPlaces, false);
  if (
    guess === null ||
    normaliseLocator(asks, confirmedLocator) === normaliseLocator(asks, locator)
  )
    return null;
  return { kind: 'where_refused', platform: platform.name, problem: null, guess };
}

/** The wider permission with which a missing page may be found; null where the platform has none. */
export function toWiderPermission({ name, wider }: Platform): AsksMore | null {
  if (!wider) return null;
  const { scope, permission } = wider;
  return { kind: 'asks_more', platform: name, server: '', scope, permission, agreement: scope };
}

function asksMore(
  { name, requires: asks, permission: usual }: Platform,
  locator: string,
  { permission = usual }: Authorization,
  scope: string,
): AsksMore | null {
  if (permission === usual) return null;
  const server = normaliseLocator(asks, locator);
  const agreement = server === '' ? scope : `${server} ${scope}`;
  return { kind: 'asks_more', platform: name, server, scope, permission, agreement };
}

function toLocatorRefusal(
  platform: Platform,
  locator: string,
  { problem, otherName }: LocatorRejected,
): LocatorRefusal {
  const { name, requires: asks, knownPlaces = [] } = platform;
  const guess = otherName ?? guessLocator(asks, locator, knownPlaces, true);
  return { kind: 'where_refused', platform: name, problem, guess };
}

interface JoinWay {
  campaign: CampaignRecord;
  intent: IntentRecord;
  platform: Platform;
  message: ComposedMessage;
  textLocale: string;
  /** The server or handle, as typed; of a pledge that is connected again its own server, whatever was typed. */
  locator: string;
  confirmedLocator: string;
  /** What is connected again; null for a new pledge. */
  again: AgainPledge | null;
}

/** @throws NotFoundError; ConflictError `closed`, `elsewhere` or `text_changed`. */
async function findWay(ctx: Context, input: StartJoin): Promise<JoinWay> {
  const intent = await findIntentByToken(ctx, input.intentToken);
  const again = await findAgainPledge(ctx, intent, input.browser);
  const campaign = await findJoinable(ctx, { id: intent.campaignId });
  const offered = await offeredPlatforms(ctx);
  const platform = offered.find(({ name }) => name === input.platform);
  if (!platform || (again && again.pledge.platform !== platform.name)) {
    throw new NotFoundError('There is no such way to join');
  }
  const { content } = campaign;
  const message = again
    ? composeAgreed(platform.textRule, again.content)
    : composeMessage(content, intent.words, platform.textRule);
  if (!isTaken(message)) throw new NotFoundError('There is no such way to join');
  const shown = again ? message.hash : shownHash(content, intent.words, message.text);
  if (shown !== input.shownHash) {
    throw new ConflictError('text_changed', 'The text is not the one that was shown');
  }
  const textLocale = again ? again.content.locale : intent.words.textLocale;
  // An account is of one server for good, while it may be called otherwise by now.
  const isFixed = again !== null && platform.requires === 'server';
  const fixed = isFixed ? again.content.account.handle : null;
  const { locator, confirmedLocator = '' } =
    fixed === null ? input : { locator: fixed, confirmedLocator: fixed };
  return { campaign, intent, platform, message, textLocale, locator, confirmedLocator, again };
}

/** Everybody who comes from such a server meets it, and only the operator can do something about it. */
const OWN_ERRORS: Partial<Record<LocatorProblem, string>> = {
  scope_unknown: 'a server refuses this service',
  service_refused: 'a server refuses this service',
  lookup_failed: 'the resolver of handles or the directory of accounts does not answer',
};

/** Why it came to nothing is logged without what the supporter typed. */
async function authorize(
  ctx: Context,
  platform: Platform,
  input: AuthorizeInput,
): Promise<Authorization | LocatorRejected | JoinFailure | 'busy'> {
  const { name, requires: asks } = platform;
  try {
    if (asks === 'nothing') return await platform.authorize(input);
    if (input.locator === '') throw new LocatorRejected('malformed', 'nothing was typed');
    return await getLookups(ctx).ask(name, input.locator, () => platform.authorize(input));
  } catch (error) {
    if (error instanceof LocatorRejected) {
      ctx.log.info({ platform: name, problem: error.problem }, 'a server or handle was refused');
      const ours = OWN_ERRORS[error.problem];
      if (ours !== undefined) ctx.log.warn({ platform: name, error: error.message }, ours);
      return error;
    }
    if (error instanceof AccountUnfit) {
      // Everybody would meet it, and only the operator can do something about it.
      ctx.log.warn({ platform: name, reason: error.reason }, 'nobody can join here');
      return joinFailure(error, platform.label);
    }
    if (error instanceof LookupsBusy) return 'busy';
    ctx.log.warn({ platform: name, error: errorWord(error) }, 'join could not begin');
    return joinFailure(error, platform.label);
  }
}
