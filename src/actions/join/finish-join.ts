import type { Context } from '../../context.ts';
import { POLICY_VERSION, textHash } from '../../domain/consent.ts';
import { errorWord } from '../../domain/error-word.ts';
import { MARGIN_MS } from '../../domain/preflight.ts';
import { keptFollowers } from '../../domain/public-count.ts';
import { Challenged } from '../../outbound/challenge.ts';
import {
  type Account,
  AccountUnfit,
  AppRefused,
  type Choice,
  type Grant,
  type Platform,
  type SignProblem,
  TooLittleGranted,
} from '../../platforms/platform.ts';
import { secretHash } from '../../secret-token.ts';
import { lockCampaignForShare } from '../../store/campaign.ts';
import { replaceCredential } from '../../store/credential.ts';
import { joinWords } from '../../store/erase.ts';
import { endOauthFlow, findOauthFlow, useOauthFlow } from '../../store/oauth-flow.ts';
import {
  type ConsentChange,
  changeConsent,
  findPledgeByAccount,
  insertPledge,
  type NewPledge,
} from '../../store/pledge.ts';
import { newRowId } from '../../store/row-id.ts';
import { type PledgeContent, sealPledge } from '../../store/vault/sealed-pledge.ts';
import { newCredential } from '../credential/credential-access.ts';
import { discardChoices, discardGrant } from '../credential/discard-grant.ts';
import { noteAppRefused, noteAppTaken } from '../platform/note-app-refused.ts';
import { noteChallenge } from '../platform/note-challenges.ts';
import { pledgedAmong } from '../pledge/pledged-among.ts';
import { explainReturn, explainWithoutState, returnProblem } from './explain-return.ts';
import { type OpenFlow, openFlow } from './flow-content.ts';
import { callbackUrl, type FlowSecret } from './flow-secret.ts';
import { holdWhileAway } from './hold-while-away.ts';
import { joinFailure } from './join-failure.ts';
import {
  type JoinFailure,
  type JoinProblem,
  type JoinResult,
  notPledged,
  type SignAgain,
  toFailureRecord,
} from './join-result.ts';
import { offerChoice } from './offer-choice.ts';

export interface FinishJoin {
  platform: string;
  /** What stood behind the platform in the address that they came back to: '' or the part for one server. */
  server: string;
  state: string;
  /** The query that they came back with: a code, or an error, and whatever else the platform adds. */
  answer: Readonly<Record<string, string>>;
  /** Secret of the browser's cookie; empty when it sent none. */
  browser: string;
}

/**
 * Ends a pledge's way through the platform: all of it is stored, or nothing. The code is exchanged here and now, since X
 * lets it live for 30 seconds. An account that has pledged before gets the same receipt, and its newer grant is kept.
 */
export async function finishJoin(ctx: Context, input: FinishJoin): Promise<JoinResult | SignAgain> {
  const { error } = input.answer;
  // Some servers leave the state out of a refusal.
  if (input.state === '' && error !== undefined) return explainWithoutState(ctx, input, error);
  const stateHash = secretHash(input.state);
  const slip = await findSlip(ctx, input, stateHash);
  if (slip) return { kind: 'sign_again', problem: slip };
  const use = () => useOauthFlow(ctx.db, stateHash, secretHash(input.browser));
  const used = await holdWhileAway(ctx, use, { unspent: true });
  if (!used) return explainReturn(ctx, stateHash, input.browser);
  const flow = await holdWhileAway(ctx, () => openFlow(ctx, used, stateHash));
  const result = await finishFlow(ctx, input, flow);
  if (result.kind === 'not_pledged') await noteEnd(ctx, stateHash, result);
  return result;
}

/** What is the matter with a signature that was pasted on our own page; a slip there uses no sign-in up. */
async function findSlip(
  ctx: Context,
  { platform: name, answer, browser }: FinishJoin,
  stateHash: Buffer,
): Promise<SignProblem | null> {
  const platform = ctx.platforms.get(name);
  if (!platform?.signProblem || answer.code === undefined) return null;
  const find = () => findOauthFlow(ctx.db, stateHash, secretHash(browser));
  const found = await holdWhileAway(ctx, find, { unspent: true });
  if (found?.platform !== name) return null;
  const { secret } = await holdWhileAway(ctx, () => openFlow(ctx, found, stateHash));
  return secret && platform.signProblem(answer.code, secret.keep);
}

/** So that the page says the same when it is opened again; without it, it says that the sign-in has been used. */
async function noteEnd(ctx: Context, stateHash: Buffer, failure: JoinFailure): Promise<void> {
  try {
    await endOauthFlow(ctx.db, stateHash, toFailureRecord(failure));
  } catch (error) {
    ctx.log.warn({ error: errorWord(error) }, 'the end of a sign-in could not be noted');
  }
}

async function finishFlow(
  ctx: Context,
  input: FinishJoin,
  flow: OpenFlow & { joinable: boolean },
): Promise<JoinResult> {
  const { error, code } = input.answer;
  const refuse = (problem: JoinProblem): Promise<JoinResult> => notPledged(ctx, flow, { problem });
  const platform = ctx.platforms.get(flow.platform);
  const { secret } = flow;
  if (!platform || flow.platform !== input.platform || !secret) return refuse('answer_refused');
  const astray = whyAstray(ctx, input, secret);
  if (astray) return refuse(astray);
  if (error !== undefined) return refuse(returnProblem(ctx, platform, error));
  if (code === undefined) return refuse('answer_refused');
  if (!flow.joinable) return refuse('closed');
  const authorized = await authorize(ctx, platform, flow.campaignId, secret, input.answer);
  if ('problem' in authorized) return notPledged(ctx, flow, authorized);
  const [first, ...others] = authorized;
  if (!first) {
    const isMissing = mayShowMore(platform, secret.scope);
    return { ...(await refuse('no_page')), ...(isMissing && { missing: platform.name }) };
  }
  const { pledgeId } = flow;
  if (pledgeId !== undefined) {
    return pledgeAgain(ctx, platform, { ...flow, pledgeId }, authorized, secret.scope);
  }
  if (others.length === 0) return pledgeWith(ctx, platform, flow, first);
  const offer = () => offerChoice(ctx, flow, secretHash(input.browser), authorized);
  const token = await holdWhileAway(ctx, offer);
  return { kind: 'choose', token, locale: flow.locale };
}

/**
 * Why an answer must not be listened to. What another server answers is no answer of the one that this flow is for, whatever
 * state it brings: that one may have sent its visitor there to get the code (RFC 9700, 4.4).
 */
function whyAstray(ctx: Context, input: FinishJoin, secret: FlowSecret): JoinProblem | null {
  const { platform, server } = input;
  if (secret.redirectUri === callbackUrl(ctx, platform, server)) return null;
  return server === '' ? 'old_address' : 'other_server';
}

/** Connects a pledge's account again: with any other that came back nothing is added, and what it gave is given back. */
async function pledgeAgain(
  ctx: Context,
  platform: Platform,
  flow: OpenFlow & { joinable: boolean; pledgeId: string },
  choices: readonly Choice[],
  asked: string,
): Promise<JoinResult> {
  const discardAll = (accountHash: Buffer | null) =>
    discardChoices(ctx, platform, { campaignId: flow.campaignId, accountHash }, choices);
  const look = () => pledgedAmong(ctx, flow.pledgeId, choices);
  const found = await holdWhileAway(ctx, look).catch(async (error: unknown) => {
    await discardAll(null);
    throw error;
  });
  if (found.kind === 'pledged') return pledgeWith(ctx, platform, flow, found.choice);
  await discardAll(found.kind === 'other' ? found.accountHash : null);
  if (found.kind === 'gone') return notPledged(ctx, flow, { problem: 'answer_refused' });
  const result = await notPledged(ctx, flow, { problem: 'other_account' });
  return { ...result, ...(mayShowMore(platform, asked) && { missing: platform.name }) };
}

/** A page of theirs may be missing because the wider permission was not asked for. */
function mayShowMore({ wider }: Platform, asked: string): boolean {
  return wider !== undefined && asked !== wider.scope;
}

/** Stores the pledge; if joining has closed in the meantime, the grant is given back. */
export async function pledgeWith(
  ctx: Context,
  platform: Platform,
  flow: OpenFlow & { joinable: boolean },
  authorized: Choice,
): Promise<JoinResult> {
  const giveUp = async (error: unknown): Promise<never> => {
    await discardGrant(ctx, platform, authorized.grant, authorized.account);
    throw error;
  };
  ctx.crash('in-join');
  const store = () => storePledge(ctx, platform, flow, authorized);
  // The code is used up: what came of it is not let go for a moment without a database.
  const pledge = flow.joinable ? await holdWhileAway(ctx, store).catch(giveUp) : null;
  if (pledge === null || pledge === 'gone') {
    await discardGrant(ctx, platform, authorized.grant, authorized.account);
    return notPledged(ctx, flow, { problem: pledge === null ? 'closed' : 'answer_refused' });
  }
  return {
    kind: 'pledged',
    receiptToken: ctx.vault.receiptToken(pledge.receiptId),
    again: pledge.again,
    locale: flow.locale,
  };
}

/**
 * Code for grant, and whose it is, or what it can post to. Where there is a failure, and when there is nothing to post to, no
 * grant is left behind, except where giving it back could end what another pledge stands on.
 */
async function authorize(
  ctx: Context,
  platform: Platform,
  campaignId: string,
  { keep, redirectUri }: FlowSecret,
  answer: FinishJoin['answer'],
): Promise<readonly Choice[] | JoinFailure> {
  let grant: Grant | null = null;
  try {
    grant = await platform.exchange({ answer, flowSecret: keep, redirectUri });
    if (platform.mayPost?.(grant) === false) {
      await discardUseless(ctx, platform, campaignId, grant);
      return joinFailure(new TooLittleGranted('a part was left out'), platform.label, true);
    }
    const choices = await choicesOf(platform, grant);
    await noteAppTaken(ctx, platform);
    if (choices.length === 0) await discardGrant(ctx, platform, grant, 'none_seen');
    return choices;
  } catch (error) {
    ctx.log.warn({ platform: platform.name, error: errorWord(error) }, 'join failed');
    const unfit = error instanceof AccountUnfit ? error : null;
    if (grant) await discardGrant(ctx, platform, grant, unfit?.account ?? 'unknown');
    if (error instanceof Challenged) {
      // Only what the operator configured is told: supporters name the other servers.
      if (platform.requires === 'nothing') await noteChallenge(ctx, campaignId, platform);
      return joinFailure(new AccountUnfit('challenged', null), platform.label, grant !== null);
    }
    if (error instanceof AppRefused) await noteAppRefused(ctx, platform, error);
    return joinFailure(error, platform.label, grant !== null);
  }
}

async function choicesOf(platform: Platform, grant: Grant): Promise<readonly Choice[]> {
  if (platform.choices) return platform.choices(grant);
  return [{ grant, account: await platform.whoAmI(grant) }];
}

/** Gives back what is not enough to post, except where that could end what another pledge stands on. */
async function discardUseless(
  ctx: Context,
  platform: Platform,
  campaignId: string,
  grant: Grant,
): Promise<void> {
  if (!platform.sharesGrants) return discardGrant(ctx, platform, grant, 'unknown');
  const choices = await choicesOf(platform, grant).catch(() => []);
  await discardChoices(ctx, platform, { campaignId, accountHash: null }, choices);
}

/** A pledge of this account may be withdrawn meanwhile, and hashes covered anew. */
const MAX_STORE_TRIES = 3;

interface Stored {
  receiptId: string;
  again: boolean;
}

/** Null when joining closed in the meantime; `gone` when a pledge that was to be connected again was withdrawn. */
async function storePledge(
  ctx: Context,
  platform: Platform,
  flow: OpenFlow,
  { grant, account }: Choice,
): Promise<Stored | null | 'gone'> {
  const isAgain = flow.pledgeId !== undefined;
  const fresh = { id: newRowId(), campaignId: flow.campaignId, platform: platform.name };
  const consentedAt = new Date(ctx.clock.now());
  const content: PledgeContent = {
    account,
    followers: keptFollowers(account.followers),
    locale: flow.textLocale,
    text: flow.text,
    ...(flow.contentWarning !== undefined && { contentWarning: flow.contentWarning }),
    textHash: textHash(flow.text, flow.contentWarning),
    scope: grant.scope,
    policyVersion: POLICY_VERSION,
  };
  const pledge: Omit<NewPledge, 'accountHash' | 'hashedUnder' | 'host'> = {
    ...fresh,
    receiptId: flow.intentId,
    sealed: await sealPledge(ctx.vault, ctx.db, { ...fresh, consentedAt }, content),
    consentedAt,
  };
  for (let tries = 0; tries < MAX_STORE_TRIES; tries++) {
    const credential = await newCredential(ctx, fresh, grant, account.id);
    const hashed: NewPledge = {
      ...pledge,
      hashedUnder: ctx.vault.hashedUnder(),
      accountHash: ctx.vault.accountHash(platform.name, account.id),
      host: hostName(ctx, platform, account, grant),
    };
    if (!isAgain && (await insertPledge(ctx.db, hashed, credential, lookedAt(account)))) {
      return { receiptId: pledge.receiptId, again: false };
    }
    await ctx.vault.follow(ctx.db);
    if (ctx.vault.hashedUnder() !== hashed.hashedUnder) continue;
    const again = await storeAgain(ctx, hashed, content, grant);
    if (again !== 'gone') return again;
  }
  return isAgain ? 'gone' : null;
}

/** The join has looked at the credential itself, unless preflight has to ask again what its account is called. */
function lookedAt({ unconfirmed }: Pick<Account, 'unconfirmed'>): number | undefined {
  return unconfirmed ? undefined : MARGIN_MS;
}

/** Where supporters name the server, its name is kept as a hash: a server of one person names that person. */
export function hostName(ctx: Context, platform: Platform, account: Account, grant: Grant): string {
  const host = platform.hostOf(account, grant);
  return platform.requires === 'nothing' ? host : ctx.vault.hostHash(platform.name, host);
}

/**
 * The account has pledged before: what was agreed to now stands in the place of what was agreed to then, and the newer grant is
 * kept. Null when joining has closed; `gone` when that pledge was withdrawn or erased meanwhile, so that there is none.
 */
async function storeAgain(
  ctx: Context,
  pledge: NewPledge,
  content: PledgeContent,
  grant: Grant,
): Promise<Stored | null | 'gone'> {
  const { campaignId, platform } = pledge;
  const known = await findPledgeByAccount(ctx.db, campaignId, platform, pledge.accountHash);
  if (!known) return 'gone';
  const row = { id: known.id, campaignId, platform };
  const credential = await newCredential(ctx, row, grant, content.account.id);
  // What is sealed for one row opens in no other.
  const { consentedAt } = pledge;
  const sealed = await sealPledge(ctx.vault, ctx.db, { ...row, consentedAt }, content);
  const consent: ConsentChange = { sealed, consentedAt };
  return ctx.db.transaction().execute(async (db): Promise<Stored | null | 'gone'> => {
    if ((await lockCampaignForShare(db, campaignId)) !== 'open') return null;
    if (!(await changeConsent(db, known.id, consent))) return 'gone';
    await replaceCredential(db, credential, lookedAt(content.account));
    await joinWords(db, { from: pledge.receiptId, to: known.receipt_id, platform });
    return { receiptId: known.receipt_id, again: true };
  });
}
