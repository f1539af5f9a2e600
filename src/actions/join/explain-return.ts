import { setTimeout } from 'node:timers/promises';
import type { Context } from '../../context.ts';
import type { Platform } from '../../platforms/platform.ts';
import { secretHash } from '../../secret-token.ts';
import { findCampaign } from '../../store/campaign.ts';
import { findIntent } from '../../store/intent.ts';
import { explainOauthFlow, listOpenFlows } from '../../store/oauth-flow.ts';
import { listPledges } from '../../store/pledge.ts';
import { openFlow } from './flow-content.ts';
import { callbackUrl } from './flow-secret.ts';
import {
  findPlatformLabel,
  type JoinProblem,
  type JoinResult,
  notPledged,
  type PublicWords,
  parseFailure,
} from './join-result.ts';

/** The most flows of one browser that are looked through: a person has a few tabs. */
const MAX_OPEN_FLOWS = 20;

/** How often it is looked whether the first of two clicks has come to its end, and how long to wait in between. */
const LOOKS = 12;
const LOOK_MS = 250;

type Known = Awaited<ReturnType<typeof explainOauthFlow>>;

/** What became of a flow; of one that was used just now, once its end is known. */
async function findEnding(ctx: Context, stateHash: Buffer, browserHash: Buffer): Promise<Known> {
  for (let looks = 1; ; looks += 1) {
    const known = await explainOauthFlow(ctx.db, stateHash, browserHash);
    const isOpen = known.problem === 'replayed' && known.underway;
    if (!isOpen || looks === LOOKS || (await hasPledged(ctx, known))) return known;
    await setTimeout(LOOK_MS);
  }
}

/** A pledge of its network stands on its receipt. */
async function hasPledged(ctx: Context, { intentId, platform }: Known): Promise<boolean> {
  if (intentId === null) return false;
  const pledges = await listPledges(ctx.db, intentId);
  return pledges.some((pledge) => pledge.platform === platform);
}

/** The language in which the pages were shown, and whether a pledge was connected again; null where the records do not say any more. */
async function openContent(
  ctx: Context,
  { campaignId, intentId, platform, sealed }: Known,
  stateHash: Buffer,
): Promise<{ locale: string | null; pledgeId?: string }> {
  const nothing = { locale: null };
  if (!campaignId || !intentId || !platform || !sealed) return nothing;
  const flow = { campaignId, intentId, platform, sealed };
  return openFlow(ctx, flow, stateHash).catch(() => nothing);
}

/** Why there is no such flow. */
export async function explainReturn(
  ctx: Context,
  stateHash: Buffer,
  browser: string,
): Promise<JoinResult> {
  const why = await findEnding(ctx, stateHash, secretHash(browser));
  const { locale, pledgeId } = await openContent(ctx, why, stateHash);
  const { campaignId, intentId, ended, platform } = why;
  const problem = why.problem === 'unknown' ? 'expired' : why.problem;
  if (campaignId === null || intentId === null) {
    return { kind: 'not_pledged', problem, campaign: null, intentToken: null, locale };
  }
  if (problem === 'stranger')
    return explainToStranger(ctx, { campaignId, intentId, locale, pledgeId, platform });
  // A page that is opened again says what it said.
  if (problem === 'replayed' && ended) {
    return notPledged(ctx, { campaignId, intentId, locale, platform }, parseFailure(ended));
  }
  // A second click, or the way back through the history: they have their receipt.
  if (problem === 'replayed' && locale !== null && (await hasPledged(ctx, why))) {
    const receiptToken = ctx.vault.receiptToken(intentId);
    return { kind: 'pledged', receiptToken, again: true, locale };
  }
  return notPledged(ctx, { campaignId, intentId, locale, platform }, { problem });
}

interface StrangersFlow {
  campaignId: string;
  intentId: string;
  locale: string | null;
  pledgeId: string | undefined;
  platform: string | null;
}

/** To another browser than the one where it began: what anybody may read, and a way on. */
async function explainToStranger(
  ctx: Context,
  { campaignId, intentId, locale, pledgeId, platform }: StrangersFlow,
): Promise<JoinResult> {
  const campaign = await findCampaign(ctx.db, { id: campaignId });
  const named = platform !== null && { platformLabel: findPlatformLabel(ctx, platform) };
  const result = { kind: 'not_pledged', campaign, intentToken: null, locale, ...named } as const;
  // With the same words begun anew another account could join; their receipt leads to the same one.
  if (pledgeId !== undefined) return { ...result, problem: 'again_elsewhere' };
  const words = await publicWords(ctx, intentId);
  return { ...result, problem: 'stranger', ...(words && { words }) };
}

/**
 * The part of an intent's words that a browser may see which did not begin the sign-in: its owner may use it, or a stranger who was sent
 * the address. So nothing that a person wrote, and not the secret of its page. Null where the words are kept no more.
 */
async function publicWords(ctx: Context, intentId: string): Promise<PublicWords | null> {
  const intent = await findIntent(ctx.db, ctx.vault, intentId);
  if (!intent) return null;
  const { textLocale, variant, own, typed } = intent.words;
  const isAll = own === null && Object.values(typed).every((value) => value === '');
  return { textLocale, variant, isAll };
}

/** OAuth error codes that reject the app or its request, for every supporter alike: RFC 6749 4.1.2.1 and 5.2, RFC 7591 3.2.2. */
const SERVICE_REFUSALS: readonly string[] = [
  'invalid_request',
  'invalid_scope',
  'invalid_client',
  'invalid_client_metadata',
  'invalid_redirect_uri',
  'unauthorized_client',
  'unsupported_response_type',
];

/** Of RFC 6749 4.1.2.1: the network has trouble of its own. */
const TROUBLES: readonly string[] = ['server_error', 'temporarily_unavailable'];

/** What the `error` of an answer says: that the supporter would not authorize, that the app may not ask, or something else. */
export function returnProblem(ctx: Context, platform: Platform, error: string): JoinProblem {
  if (error === 'access_denied' || platform.denials?.includes(error)) return 'denied';
  if (TROUBLES.includes(error)) return 'platform_broken';
  const words = [...SERVICE_REFUSALS, ...(platform.serviceRefusals ?? [])];
  if (!words.includes(error)) return 'refused_unsaid';
  ctx.log.warn({ platform: platform.name, error }, 'the platform refused this service');
  return 'service_refused';
}

/** What came back without a state, as some servers send a refusal (Hollo does). */
interface WithoutState {
  platform: string;
  server: string;
  /** Secret of the browser's cookie; empty when it sent none. */
  browser: string;
}

/**
 * A refusal that names no flow is about the newest one that this browser has open for this very address. It uses none up: any
 * page could send a visitor here, and that must not end their joining.
 */
export async function explainWithoutState(
  ctx: Context,
  input: WithoutState,
  error: string,
): Promise<JoinResult> {
  const platform = ctx.platforms.get(input.platform);
  const address = callbackUrl(ctx, input.platform, input.server);
  const open =
    platform && input.browser !== ''
      ? await listOpenFlows(ctx.db, platform.name, secretHash(input.browser), MAX_OPEN_FLOWS)
      : [];
  for (const { stateHash, ...flow } of platform ? open : []) {
    const known = await openFlow(ctx, flow, stateHash).catch(() => null);
    if (known?.secret?.redirectUri !== address) continue;
    return notPledged(ctx, known, { problem: returnProblem(ctx, platform as Platform, error) });
  }
  return explainReturn(ctx, secretHash(''), input.browser);
}
