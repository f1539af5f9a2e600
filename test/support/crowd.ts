import { sql } from 'kysely';
import { newCredential } from '../../src/actions/credential/credential-access.ts';
import { hostName } from '../../src/actions/join/store-pledge.ts';
import { composeMessage, messageWords } from '../../src/actions/message/compose-message.ts';
import type { Context } from '../../src/context.ts';
import { POLICY_VERSION } from '../../src/domain/consent.ts';
import type { Account, Grant, Platform } from '../../src/platforms/platform.ts';
import type { GrantedAccount, PlatformName, SimulatorControl } from '../../src/simulator/client.ts';
import { type CampaignRecord, findCampaign } from '../../src/store/campaign.ts';
import { newRowId } from '../../src/store/row-id.ts';
import { sealPledge } from '../../src/store/vault/sealed-pledge.ts';

/** Pages bound the memory: a page is what is held at a time, however large the crowd. */
const PAGE = 5_000;

/** Somebody who has authorized the app on a simulated network: an account with tokens that it takes. */
export type Person = GrantedAccount;

/** The account as our client of its network names it. */
export function accountOf({ id, handle, as }: Person): Account {
  return as ?? { id, handle };
}

function grantOf({ accessToken, refreshToken, expiresAt, extra }: Person, scope: string): Grant {
  const end = new Date(expiresAt);
  return { ...{ accessToken, refreshToken, expiresAt: end, scope }, ...(extra && { extra }) };
}

/** What instances that `environmentFor` has told are called at this network; for Bluesky, its client for development. */
export function clientIdAt(name: PlatformName): string {
  return name === 'bluesky' ? 'http://localhost?' : 'simulated';
}

/** `count` new people of a simulated network, who have authorized the app `clientId`, in pages. */
export async function* grantPeople(
  control: SimulatorControl,
  clientId: string,
  count: number,
): AsyncGenerator<Person[]> {
  for (let left = count; left > 0; left -= PAGE) {
    yield await control.createGrants({ clientId, count: Math.min(PAGE, left) });
  }
}

/** Grants and seeds page by page: `count` pledges of an open campaign, each with a sealed credential the network takes. */
export async function seedCrowd(
  ctx: Context,
  control: SimulatorControl,
  campaignId: string,
  count: number,
): Promise<void> {
  const { clientId } = ctx.config.platforms.x;
  for await (const people of grantPeople(control, clientId, count)) {
    await seedPledges(ctx, campaignId, people);
  }
}

/**
 * Puts pledges with real sealed credentials into the records in bulk, as joining leaves them, without the web. For tests and
 * benches on simulated people alone. The credentials count as checked just now.
 */
export async function seedPledges(
  ctx: Context,
  campaignId: string,
  people: readonly Person[],
  platformName: PlatformName = 'x',
): Promise<void> {
  const campaign = await findCampaign(ctx.db, { id: campaignId });
  if (campaign?.state !== 'open') throw new Error('There is no such campaign that is open');
  const platform = ctx.platforms.get(platformName);
  if (!platform) throw new Error(`There is no platform ${platformName}`);
  for (let from = 0; from < people.length; from += PAGE) {
    await insertPage(ctx, campaign, platform, people.slice(from, from + PAGE));
  }
}

async function insertPage(
  ctx: Context,
  campaign: CampaignRecord,
  platform: Platform,
  people: readonly Person[],
): Promise<void> {
  const { name } = platform;
  const message = composeMessage(campaign.content, messageWords('en'), platform.textRule);
  const consentedAt = new Date();
  const rows = await Promise.all(
    people.map((person) =>
      sealedPerson(ctx, campaign.id, platform, person, { ...message, consentedAt }),
    ),
  );
  const column = <T>(pick: (row: (typeof rows)[number]) => T): T[] => rows.map(pick);
  await ctx.db.transaction().execute(async (db) => {
    await sql`
      insert into pledge (id, campaign_id, platform, account_hash, sealed, host, state, consented_at)
      select u.id, ${campaign.id}, ${name}, u.hash, u.sealed, u.host, 'active', ${consentedAt}
      from unnest(${column((row) => row.pledgeId)}::uuid[], ${column((row) => row.hash)}::bytea[],
        ${column((row) => row.sealed)}::bytea[], ${column((row) => row.host)}::text[]) as u (id, hash, sealed, host)`.execute(
      db,
    );
    await sql`
      insert into credential (id, pledge_id, campaign_id, platform, state, sealed, expires_at, checked_at)
      select u.id, u.pledge_id, ${campaign.id}, ${name}, 'live', u.sealed, u.expires_at, now()
      from unnest(${column((row) => row.credential.id)}::uuid[], ${column((row) => row.pledgeId)}::uuid[],
        ${column((row) => row.credential.sealed)}::bytea[],
        ${column((row) => row.credential.expiresAt)}::timestamptz[]) as u (id, pledge_id, sealed, expires_at)`.execute(
      db,
    );
  });
}

async function sealedPerson(
  ctx: Context,
  campaignId: string,
  platform: Platform,
  person: Person,
  agreed: { text: string; hash: string; consentedAt: Date },
) {
  const pledge = { id: newRowId(), campaignId, platform: platform.name };
  const account = accountOf(person);
  const grant = grantOf(person, platform.scope);
  return {
    pledgeId: pledge.id,
    hash: ctx.vault.accountHash(platform.name, account.id),
    sealed: await sealPledge(
      ctx.vault,
      ctx.db,
      { ...pledge, consentedAt: agreed.consentedAt },
      {
        ...{ account, locale: 'en', text: agreed.text, textHash: agreed.hash },
        ...{ scope: platform.scope, policyVersion: POLICY_VERSION },
      },
    ),
    host: hostName(ctx, platform, account, grant),
    credential: await newCredential(ctx, pledge, grant, account.id),
  };
}
