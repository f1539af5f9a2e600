import type { Context } from '../../context.ts';
import { errorWord } from '../../domain/error-word.ts';
import { Challenged } from '../../outbound/challenge.ts';
import {
  AccountUnfit,
  AppRefused,
  type Choice,
  type Grant,
  type Platform,
  type SignProblem,
  TooLittleGranted,
} from '../../platforms/platform.ts';
import { secretHash } from '../../secret-token.ts';
import { endOauthFlow, findOauthFlow } from '../../store/oauth-flow.ts';
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
import { keepPledge } from './store-pledge.ts';
import { useFlow } from './use-flow.ts';

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
  const used = await useFlow(ctx, stateHash, input.browser);
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
  ctx.crash('in-join');
  if (!flow.joinable) {
    await discardGrant(ctx, platform, authorized.grant, authorized.account);
    return notPledged(ctx, flow, { problem: 'closed' });
  }
  // The code is used up: what came of it is not let go for a moment without a database.
  const pledge = await keepPledge(ctx, platform, flow, authorized);
  if (pledge === null || pledge === 'gone') {
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
