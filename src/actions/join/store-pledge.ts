import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../../context.ts';
import { POLICY_VERSION, textHash } from '../../domain/consent.ts';
import { errorWord } from '../../domain/error-word.ts';
import { DatabaseAwayError } from '../../domain/errors.ts';
import { MARGIN_MS } from '../../domain/preflight.ts';
import { keptFollowers } from '../../domain/public-count.ts';
import type { Account, Choice, Grant, Platform } from '../../platforms/platform.ts';
import { lockCampaignForShare } from '../../store/campaign.ts';
import { replaceCredential } from '../../store/credential.ts';
import { joinWords } from '../../store/erase.ts';
import {
  type ConsentChange,
  changeConsent,
  findPledgeByAccount,
  findPledgeByCredential,
  insertPledge,
  type NewPledge,
} from '../../store/pledge.ts';
import { newRowId } from '../../store/row-id.ts';
import { type PledgeContent, sealPledge } from '../../store/vault/sealed-pledge.ts';
import { newCredential } from '../credential/credential-access.ts';
import { discardGrant } from '../credential/discard-grant.ts';
import type { OpenFlow } from './flow-content.ts';
import { holdWhileAway } from './hold-while-away.ts';

/** What is stored is known by these, also where the database has stored it and its answer was lost. */
interface StoredIds {
  pledge: string;
  credential: string;
}

/** From one question to the next whether a pledge was stored before the database went away. */
const ASK_AGAIN_MS = 1_000;

/**
 * Stores a pledge, once, however often the database goes away meanwhile. The grant is given back where it was not stored.
 * Null when joining closed in the meantime; `gone` when a pledge that was to be connected again was withdrawn.
 * @throws DatabaseAwayError when it stays away.
 */
export async function keepPledge(
  ctx: Context,
  platform: Platform,
  flow: OpenFlow,
  choice: Choice,
): Promise<Stored | null | 'gone'> {
  const ids = { pledge: newRowId(), credential: newRowId() };
  let isAgain = false;
  const store = async () => {
    // Stored a second time, its own grant would be given back in the place of an older one.
    const stored = isAgain ? await findStored(ctx, ids) : null;
    isAgain = true;
    return stored ?? (await storePledge(ctx, platform, flow, choice, ids));
  };
  try {
    const stored = await holdWhileAway(ctx, store);
    if (stored === null || stored === 'gone') {
      await discardGrant(ctx, platform, choice.grant, choice.account);
    }
    return stored;
  } catch (error) {
    if (error instanceof DatabaseAwayError) void discardUnlessStored(ctx, platform, choice, ids);
    else await discardGrant(ctx, platform, choice.grant, choice.account);
    throw error;
  }
}

async function findStored(ctx: Context, ids: StoredIds): Promise<Stored | null> {
  const pledge = await findPledgeByCredential(ctx.db, ids.credential);
  return pledge && { receiptId: pledge.receiptId, again: pledge.id !== ids.pledge };
}

/** Only the database knows whether it has stored the pledge: it is asked when it is there again. */
async function discardUnlessStored(
  ctx: Context,
  platform: Platform,
  { grant, account }: Choice,
  ids: StoredIds,
): Promise<void> {
  while (!ctx.stopping.aborted) {
    try {
      if (!(await findStored(ctx, ids))) await discardGrant(ctx, platform, grant, account);
      return;
    } catch (error) {
      if (error instanceof DatabaseAwayError) await sleep(ASK_AGAIN_MS, undefined, { ref: false });
      else return ctx.log.warn({ error: errorWord(error) }, 'a grant was not given back');
    }
  }
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
  ids: StoredIds,
): Promise<Stored | null | 'gone'> {
  const isAgain = flow.pledgeId !== undefined;
  const fresh = { id: ids.pledge, campaignId: flow.campaignId, platform: platform.name };
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
    const credential = await newCredential(ctx, fresh, grant, account.id, ids.credential);
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
    const again = await storeAgain(ctx, hashed, content, { grant, id: ids.credential });
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
  { grant, id }: { grant: Grant; id: string },
): Promise<Stored | null | 'gone'> {
  const { campaignId, platform } = pledge;
  const known = await findPledgeByAccount(ctx.db, campaignId, platform, pledge.accountHash);
  if (!known) return 'gone';
  const row = { id: known.id, campaignId, platform };
  const credential = await newCredential(ctx, row, grant, content.account.id, id);
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
