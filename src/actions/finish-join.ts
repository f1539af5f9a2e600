import type { Context } from '../context.ts';
import { POLICY_VERSION, textHash } from '../domain/consent.ts';
import type { RefusalReason } from '../domain/outcome.ts';
import { MARGIN_MS } from '../domain/preflight.ts';
import { keptFollowers } from '../domain/public-count.ts';
import { Challenged } from '../platforms/challenge.ts';
import {
  type Account,
  AccountUnfit,
  type Choice,
  type Grant,
  type Platform,
} from '../platforms/platform.ts';
import { shareCampaign } from '../store/campaign.ts';
import { replaceCredential } from '../store/credential.ts';
import { joinWords } from '../store/erase.ts';
import { useOauthFlow } from '../store/oauth-flow.ts';
import {
  type Consent,
  changeConsent,
  findPledgeByAccount,
  insertPledge,
  isPledged,
  type NewPledge,
} from '../store/pledge.ts';
import { newRowId } from '../store/row-id.ts';
import { type PledgeContent, sealPledge } from '../store/sealed-pledge.ts';
import { newCredential } from './credential-access.ts';
import { errorWord } from './error-word.ts';
import { explain, explainWithoutState, returnProblem } from './explain-return.ts';
import { type OpenFlow, openFlow } from './flow-content.ts';
import { callbackUrl, type FlowSecret } from './flow-secret.ts';
import { holdWhileAway } from './hold-while-away.ts';
import { type JoinProblem, type JoinResult, notPledged } from './join-result.ts';
import { noteChallenge } from './note-challenges.ts';
import { offerChoice } from './offer-choice.ts';
import { secretHash } from './tokens.ts';

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
export async function finishJoin(ctx: Context, input: FinishJoin): Promise<JoinResult> {
  const { error, code } = input.answer;
  // Some servers leave the state out of a refusal.
  if (input.state === '' && error !== undefined) return explainWithoutState(ctx, input, error);
  const stateHash = secretHash(input.state);
  const use = () => useOauthFlow(ctx.db, stateHash, secretHash(input.browser));
  const used = await holdWhileAway(ctx, use, { unspent: true });
  if (!used) return explain(ctx, stateHash, input.browser);
  const flow = await holdWhileAway(ctx, () => openFlow(ctx, used, stateHash));
  const refuse = (problem: JoinProblem): Promise<JoinResult> => notPledged(ctx, flow, problem);
  const platform = ctx.platforms.get(flow.platform);
  if (!platform || flow.platform !== input.platform) return refuse('platform_failed');
  const { secret } = flow;
  if (!secret) return refuse('platform_failed');
  const astray = whyAstray(ctx, input, secret);
  if (astray) return refuse(astray);
  if (error !== undefined) return refuse(returnProblem(ctx, platform, error));
  if (code === undefined) return refuse('platform_failed');
  if (!flow.joinable) return refuse('closed');
  const authorized = await authorize(ctx, platform, flow.campaignId, secret, input.answer);
  if (!authorized) return refuse('platform_failed');
  if ('unfit' in authorized) {
    const unfit = { reason: authorized.unfit, platformLabel: platform.label };
    return notPledged(ctx, flow, 'account_unfit', unfit);
  }
  const [first, ...others] = authorized;
  if (!first) {
    const isWider = platform.wider === undefined || secret.scope === platform.wider.scope;
    return { ...(await refuse('no_page')), ...(!isWider && { missing: platform.name }) };
  }
  if (others.length === 0) return pledgeWith(ctx, platform, flow, first, secret.scope);
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

/** Stores the pledge; if joining has closed in the meantime, the grant is given back. */
export async function pledgeWith(
  ctx: Context,
  platform: Platform,
  flow: OpenFlow & { joinable: boolean },
  authorized: Choice,
  scope: string,
): Promise<JoinResult> {
  const giveUp = async (error: unknown): Promise<never> => {
    await discard(ctx, platform, authorized.grant, authorized.account);
    throw error;
  };
  const store = () => storePledge(ctx, platform, flow, authorized, scope);
  // The code is used up: what came of it is not let go for a moment without a database.
  const pledge = flow.joinable ? await holdWhileAway(ctx, store).catch(giveUp) : null;
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

/** The account that was chosen cannot lend a post, or its server keeps us out. */
interface Unfit {
  unfit: RefusalReason;
}

/**
 * Code for grant, and whose it is, or what it can post to. Null when the platform would not; then, and when there is nothing to
 * post to, no grant is left behind.
 */
async function authorize(
  ctx: Context,
  platform: Platform,
  campaignId: string,
  { keep, redirectUri }: FlowSecret,
  answer: FinishJoin['answer'],
): Promise<readonly Choice[] | Unfit | null> {
  let grant: Grant | null = null;
  try {
    grant = await platform.exchange({ answer, keep, redirectUri });
    if (!platform.choices) return [{ grant, account: await platform.whoAmI(grant) }];
    const choices = await platform.choices(grant);
    if (choices.length === 0) await discard(ctx, platform, grant, 'nobody');
    return choices;
  } catch (error) {
    ctx.log.warn({ platform: platform.name, error: errorWord(error) }, 'join failed');
    const unfit = error instanceof AccountUnfit ? error : null;
    if (grant) await discard(ctx, platform, grant, unfit?.account ?? 'unknown');
    if (error instanceof Challenged) {
      // Only what the operator configured is told: supporters name the other servers.
      if (platform.asks === 'nothing') await noteChallenge(ctx, campaignId, platform);
      return { unfit: 'challenged' };
    }
    return unfit && { unfit: unfit.reason };
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
      { platform: platform.name, error: errorWord(error) },
      'an unused grant could not be revoked',
    );
  }
}

/** A pledge of this account may be withdrawn meanwhile, and hashes covered anew. */
const MAX_STORE_TRIES = 3;

interface Stored {
  receiptId: string;
  again: boolean;
}

/** Null when joining closed in the meantime. */
async function storePledge(
  ctx: Context,
  platform: Platform,
  flow: OpenFlow,
  { grant, account }: Choice,
  scope: string,
): Promise<Stored | null> {
  const fresh = { id: newRowId(), campaignId: flow.campaignId, platform: platform.name };
  const consentedAt = new Date(ctx.clock.now());
  const content: PledgeContent = {
    account,
    followers: keptFollowers(account.followers),
    locale: flow.textLocale,
    text: flow.text,
    ...(flow.contentWarning !== undefined && { contentWarning: flow.contentWarning }),
    textHash: textHash(flow.text, flow.contentWarning),
    scope,
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
    if (await insertPledge(ctx.db, hashed, credential, lookedAt(account))) {
      return { receiptId: pledge.receiptId, again: false };
    }
    await ctx.vault.follow(ctx.db);
    if (ctx.vault.hashedUnder() !== hashed.hashedUnder) continue;
    const again = await storeAgain(ctx, hashed, content, grant);
    if (again !== 'gone') return again;
  }
  return null;
}

/** The join has looked at the credential itself, unless preflight has to ask again what its account is called. */
function lookedAt({ unconfirmed }: Pick<Account, 'unconfirmed'>): number | undefined {
  return unconfirmed ? undefined : MARGIN_MS;
}

/** Where supporters name the server, its name is kept as a hash: a server of one person names that person. */
export function hostName(ctx: Context, platform: Platform, account: Account, grant: Grant): string {
  const host = platform.hostOf(account, grant);
  return platform.asks === 'nothing' ? host : ctx.vault.hostHash(platform.name, host);
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
  const consent: Consent = { sealed, consentedAt };
  return ctx.db.transaction().execute(async (db): Promise<Stored | null | 'gone'> => {
    if ((await shareCampaign(db, campaignId)) !== 'open') return null;
    if (!(await changeConsent(db, known.id, consent))) return 'gone';
    await replaceCredential(db, credential, lookedAt(content.account));
    await joinWords(db, { from: pledge.receiptId, to: known.receipt_id, platform });
    return { receiptId: known.receipt_id, again: true };
  });
}
