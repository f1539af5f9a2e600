import { randomUUID } from 'node:crypto';
import { loadConfig } from '../../../config/config.ts';
import { newCredential, openGrant } from '../../../src/actions/credential/credential-access.ts';
import { type Context, createContext } from '../../../src/context.ts';
import { createLogger } from '../../../src/log.ts';
import type { Grant } from '../../../src/platforms/platform.ts';
import type { SimulatorControl } from '../../../src/simulator/client.ts';
import { migrateAt } from '../../../src/store/connection/database.ts';
import { replaceCredential } from '../../../src/store/credential.ts';
import { obtainGrant } from '../../platforms/x/support.ts';
import { atEnd } from '../../support/at-end.ts';
import { testDatabase } from '../../support/database.ts';
import { startNetwork } from '../../support/network.ts';
import { insertCampaignRow, insertPledges } from '../../support/rows.ts';
import { networkEnvironment } from '../../support/stage.ts';
import { tempFolder } from '../../support/temp.ts';

/** What actions need, against a simulated network and with no workers: nothing happens but what a test does. */
export interface Quiet {
  ctx: Context;
  control: SimulatorControl;
  networkUrl: string;
  /** A pledge whose grant was really given, with its account's handle. */
  pledge(): Promise<Pledged>;
  /** The grant as it is stored now; null when there is none. */
  stored(pledgeId: string): Promise<Grant | null>;
}

export interface Pledged {
  id: string;
  campaignId: string;
  handle: string;
  grant: Grant;
}

/** `timeoutMs`: how long a call to the network may take. */
export async function startQuiet(timeoutMs = 5_000): Promise<Quiet> {
  const network = await startNetwork();
  const config = loadConfig({
    DATA_DIR: await tempFolder('quiet'),
    DATABASE_URL: (await testDatabase(migrateAt)).url,
    LOG_LEVEL: 'silent',
    X_TIMEOUT_MS: String(timeoutMs),
    ...networkEnvironment(network.url),
  });
  const ctx = await createContext(config, createLogger(config), new AbortController().signal);
  atEnd(() => ctx.dispose());
  return {
    ctx,
    control: network.control,
    networkUrl: network.url,
    pledge: () => givePledge(ctx),
    stored: (pledgeId) => readGrant(ctx, pledgeId),
  };
}

/** The same context, with `around` between us and X when a grant is refreshed. */
export function withRefresh(
  ctx: Context,
  around: (ask: () => Promise<Grant>) => Promise<Grant>,
): Context {
  const x = ctx.platforms.get('x');
  if (!x) throw new Error('X is not connected');
  const refresh = (grant: Grant): Promise<Grant> => around(() => x.refresh(grant));
  return { ...ctx, platforms: new Map([['x', { ...x, refresh }]]) };
}

/** A gate that is shut until somebody opens it. */
export function newGate(): { passed: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

async function givePledge(ctx: Context): Promise<Pledged> {
  const x = ctx.platforms.get('x');
  if (!x) throw new Error('X is not connected');
  const handle = `p${randomUUID().slice(0, 8)}`;
  const campaignId = await insertCampaignRow(ctx, { state: 'open' });
  await ctx.vault.createCampaignKeys(ctx.db, campaignId);
  const [id = ''] = await insertPledges(ctx, campaignId, 1, { credential: null });
  const grant = await obtainGrant(x, handle);
  await replaceCredential(
    ctx.db,
    await newCredential(ctx, { id, campaignId, platform: 'x' }, grant, null),
  );
  return { id, campaignId, handle, grant };
}

async function readGrant(ctx: Context, pledgeId: string): Promise<Grant | null> {
  const row = await ctx.db
    .selectFrom('credential')
    .selectAll()
    .where('pledge_id', '=', pledgeId)
    .executeTakeFirst();
  if (!row) return null;
  const { id, campaign_id, platform, sealed } = row;
  return openGrant(ctx, { id, pledgeId, campaignId: campaign_id, platform, sealed });
}
