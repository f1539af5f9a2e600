import { setTimeout } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { POLICY_VERSION, textHash } from '../domain/consent.ts';
import { MARGIN_MS } from '../domain/preflight.ts';
import { keptFollowers } from '../domain/public-count.ts';
import type { Account, Choice, Grant, Platform } from '../platforms/platform.ts';
import { type CampaignRecord, findCampaign, shareCampaign } from '../store/campaign.ts';
import { replaceCredential } from '../store/credential.ts';
import { explainOauthFlow, type OauthFlow, useOauthFlow } from '../store/oauth-flow.ts';
import {
  changeConsent,
  findPledgeByAccount,
  insertPledge,
  isPledged,
  listPledges,
  type NewPledge,
  renewPledge,
} from '../store/pledge.ts';
import { newRowId } from '../store/row-id.ts';
import { newCredential, sealAccount } from './credential-access.ts';
import { offerChoice } from './offer-choice.ts';
import { callbackUrl, flowPlace } from './start-join.ts';
import { secretHash } from './tokens.ts';

export interface FinishJoin {
  platform: string;
  state: string;
  /** The query that they came back with: a code, or an error, and whatever else the platform adds. */
  answer: Readonly<Record<string, string>>;
  /** Secret of the browser's cookie; empty when it sent none. */
  browser: string;
}

/** Why no pledge came of it. */
export type JoinProblem =
  | 'denied'
  | 'expired'
  | 'replayed'
  | 'stranger'
  | 'no_cookie'
  | 'closed'
  /** There is nothing that the person could post to, such as a page of their own. */
  | 'no_page'
  | 'platform_failed';

export type JoinResult =
  | { kind: 'pledged'; receiptToken: string; again: boolean; locale: string }
  /** There are several things that they could post to; `token` is for the page that asks which. */
  | { kind: 'choose'; token: string; locale: string }
  | {
      kind: 'not_pledged';
      problem: JoinProblem;
      campaign: CampaignRecord | null;
      /** Of the page with the words, to try again from. */
      intentToken: string | null;
      locale: string | null;
    };

/**
 * Ends a pledge's way through the platform: all of it is stored, or nothing. The code is exchanged here and now, since X
 * lets it live for 30 seconds. An account that has pledged before gets the same receipt, and its newer grant is kept.
 */
export async function finishJoin(ctx: Context, input: FinishJoin): Promise<JoinResult> {
  const stateHash = secretHash(input.state);
  const flow = await useOauthFlow(ctx.db, stateHash, secretHash(input.browser));
  if (!flow) return explain(ctx, stateHash, input.browser);
  const refuse = (problem: JoinProblem): Promise<JoinResult> => notPledged(ctx, flow, problem);
  const platform = ctx.platforms.get(flow.platform);
  if (!platform || flow.platform !== input.platform) return refuse('platform_failed');
  const { error, code } = input.answer;
  if (error !== undefined) {
    const denied = error === 'access_denied' || platform.denials?.includes(error);
    return refuse(denied ? 'denied' : 'platform_failed');
  }
  if (code === undefined) return refuse('platform_failed');
  if (!flow.joinable) return refuse('closed');
  const authorized = await authorize(ctx, platform, flow, stateHash, input.answer);
  if (!authorized) return refuse('platform_failed');
  const [first, ...others] = authorized;
  if (!first) return refuse('no_page');
  if (others.length === 0) return pledgeWith(ctx, platform, flow, first);
  const token = await offerChoice(ctx, flow, secretHash(input.browser), authorized);
  return { kind: 'choose', token, locale: flow.locale };
}

/** Stores the pledge; if joining has closed in the meantime, the grant is given back. */
export async function pledgeWith(
  ctx: Context,
  platform: Platform,
  flow: OauthFlow,
  authorized: Choice,
): Promise<JoinResult> {
  const pledge = flow.joinable ? await storePledge(ctx, platform, flow, authorized) : null;
  if (!pledge) {
    await discard(ctx, platform, authorized.grant, authorized.account);
    return notPledged(ctx, flow, 'closed');
  }
  return {
    kind: 'pledged',
    receiptToken: ctx.vault.receiptToken(pledge.receiptId),
    again: pledge.again,
    locale: flow.locale,
  };
}

/** The end of a flow from which no pledge came. */
export async function notPledged(
  ctx: Context,
  flow: OauthFlow,
  problem: JoinProblem,
): Promise<JoinResult> {
  const campaign = await findCampaign(ctx.db, { id: flow.campaignId });
  const intentToken = ctx.vault.intentToken(flow.intentId);
  return { kind: 'not_pledged', problem, campaign, intentToken, locale: flow.locale };
}

/** How often it is looked whether the first of two clicks has come to its end, and how long to wait in between. */
const LOOKS = 12;
const LOOK_MS = 250;

/** The pledge that a flow has led to, or is just leading to; else null. */
async function receiptOf(
  ctx: Context,
  flow: Awaited<ReturnType<typeof explainOauthFlow>>,
): Promise<JoinResult | null> {
  const { intentId, platform, locale, underway } = flow;
  if (intentId === null || locale === null) return null;
  for (let looks = 1; ; looks += 1) {
    const pledges = await listPledges(ctx.db, intentId);
    if (pledges.some((pledge) => pledge.platform === platform)) {
      const receiptToken = ctx.vault.receiptToken(intentId);
      return { kind: 'pledged', receiptToken, again: true, locale };
    }
    if (!underway || looks === LOOKS) return null;
    await setTimeout(LOOK_MS);
  }
}

/** Why there is no such flow. */
export async function explain(
  ctx: Context,
  stateHash: Buffer,
  browser: string,
): Promise<JoinResult> {
  const why = await explainOauthFlow(ctx.db, stateHash, secretHash(browser));
  // A second click, or the way back through the history: they have their receipt.
  const done = why.problem === 'replayed' ? await receiptOf(ctx, why) : null;
  if (done) return done;
  const campaign = why.campaignId ? await findCampaign(ctx.db, { id: why.campaignId }) : null;
  const problem = ((): JoinProblem => {
    switch (why.problem) {
      case 'unknown':
        return 'expired';
      case 'stranger':
        return browser === '' ? 'no_cookie' : 'stranger';
      case 'replayed':
        return 'replayed';
      case 'expired':
        return 'expired';
    }
  })();
  // Who did not begin it is not given its words.
  const own = why.problem !== 'stranger' && why.intentId !== null;
  const intentToken = own ? ctx.vault.intentToken(why.intentId ?? '') : null;
  return { kind: 'not_pledged', problem, campaign, intentToken, locale: why.locale };
}

/**
 * Code for grant, and whose it is, or what it can post to. Null when the platform would not; then, and when there is nothing to
 * post to, no grant is left behind.
 */
async function authorize(
  ctx: Context,
  platform: Platform,
  flow: OauthFlow,
  stateHash: Buffer,
  answer: FinishJoin['answer'],
): Promise<readonly Choice[] | null> {
  const place = flowPlace(flow.campaignId, flow.platform, stateHash);
  let grant: Grant | null = null;
  try {
    const keep = await ctx.vault.open<string>(ctx.db, place, flow.verifier);
    const redirectUri = callbackUrl(ctx, platform.name);
    grant = await platform.exchange({ answer, keep, redirectUri });
    if (!platform.choices) return [{ grant, account: await platform.whoAmI(grant) }];
    const choices = await platform.choices(grant);
    if (choices.length === 0) await discard(ctx, platform, grant, 'nobody');
    return choices;
  } catch (error) {
    ctx.log.warn({ platform: platform.name, error: (error as Error).message }, 'join failed');
    if (grant) await discard(ctx, platform, grant, 'unknown');
    return null;
  }
}

/**
 * A grant that nothing will be done with is given back at once; if even that fails, it was never stored. Where that would end
 * what another pledge of the same account stands on, it is only forgotten. `nobody`: it is good for no account at all.
 */
async function discard(
  ctx: Context,
  platform: Platform,
  grant: Grant,
  whose: Account | 'nobody' | 'unknown',
): Promise<void> {
  try {
    if (platform.sharesGrants && whose !== 'nobody') {
      // It may be somebody's who has pledged.
      if (whose === 'unknown') return;
      const hash = ctx.vault.accountHash(platform.name, whose.id);
      if (await isPledged(ctx.db, platform.name, hash)) return;
    }
    await platform.revoke(grant);
  } catch (error) {
    ctx.log.warn(
      { platform: platform.name, error: (error as Error).message },
      'an unused grant could not be revoked',
    );
  }
}

interface Stored {
  receiptId: string;
  again: boolean;
}

/** Null when joining closed in the meantime. */
async function storePledge(
  ctx: Context,
  platform: Platform,
  flow: OauthFlow,
  { grant, account }: Choice,
): Promise<Stored | null> {
  const fresh = { id: newRowId(), campaignId: flow.campaignId, platform: platform.name };
  const pledge: NewPledge = {
    ...fresh,
    receiptId: flow.intentId,
    accountHash: ctx.vault.accountHash(platform.name, account.id),
    account: await sealAccount(ctx, ctx.db, fresh, account),
    followers: keptFollowers(account.followers),
    host: hostName(ctx, platform, account, grant),
    locale: flow.textLocale,
    text: flow.text,
    textHash: textHash(flow.text),
    scope: platform.scope,
    policyVersion: POLICY_VERSION,
    consentedAt: new Date(ctx.clock.now()),
  };
  if (await insertPledge(ctx.db, pledge, await newCredential(ctx, fresh, grant), MARGIN_MS)) {
    return { receiptId: pledge.receiptId, again: false };
  }
  return storeAgain(ctx, pledge, grant);
}

/** Where supporters name the server, its name is kept as a hash: a server of one person names that person. */
export function hostName(ctx: Context, platform: Platform, account: Account, grant: Grant): string {
  const host = platform.hostOf(account, grant);
  return platform.asks === 'nothing' ? host : ctx.vault.hostHash(platform.name, host);
}

/**
 * The account has pledged before: what was agreed to now stands in the place of what was agreed to then, a withdrawn pledge is
 * renewed, and the newer grant is kept.
 */
async function storeAgain(ctx: Context, pledge: NewPledge, grant: Grant): Promise<Stored | null> {
  const { campaignId, platform } = pledge;
  const known = await findPledgeByAccount(ctx.db, campaignId, platform, pledge.accountHash);
  if (!known) return null;
  const credential = await newCredential(ctx, { id: known.id, campaignId, platform }, grant);
  return ctx.db.transaction().execute(async (db): Promise<Stored | null> => {
    if ((await shareCampaign(db, campaignId)) !== 'open') return null;
    const renewed = await renewPledge(db, known.id, pledge);
    // Neither: it has been erased meanwhile.
    if (!renewed && !(await changeConsent(db, known.id, pledge))) return null;
    await replaceCredential(db, credential, MARGIN_MS);
    return { receiptId: known.receipt_id, again: !renewed };
  });
}
