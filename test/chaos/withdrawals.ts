import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { withdrawPledge } from '../../src/actions/receipt/withdraw-pledge.ts';
import type { Context } from '../../src/context.ts';
import type { Chance } from './chance.ts';
import { whenThere } from './home.ts';
import type { Wave } from './waves.ts';

/** They change their minds so long before and after the moment: while their posts are locked, armed, marked and sent. */
const AROUND_MS = { from: -800, to: 1_200 } as const;

/** So many of a hundred people of a wave ask for their pledges back around its moment. Who asked, and who was told yes, is put down in it. */
export async function withdrawSome(
  ctx: Context,
  wave: Wave,
  percent: number,
  chance: Chance,
  signal: AbortSignal,
): Promise<void> {
  const receipts = await whenThere(() => receiptsOf(ctx, wave), signal);
  // Each who waits for their instant listens.
  setMaxListeners(0, signal);
  const asking = wave.voices.map(async ({ account }) => {
    if (chance.next() * 100 >= percent) return;
    const at = wave.momentMs + chance.between(AROUND_MS.from, AROUND_MS.to);
    await sleep(Math.max(0, at - ctx.clock.now()), null, { signal });
    wave.asked.add(account);
    // Too late, or something is down: they keep what they pledged.
    await withdrawPledge(ctx, { receiptToken: receipts.get(account) ?? '', pledgeId: null }).then(
      () => wave.withdrawn.add(account),
      () => undefined,
    );
  });
  await Promise.all(asking);
}

/** Tokens of the receipts, by account. */
async function receiptsOf(ctx: Context, wave: Wave): Promise<Map<string, string>> {
  const rows = await ctx.db
    .selectFrom('pledge')
    .select(['receipt_id', 'account_hash'])
    .where('campaign_id', '=', wave.campaignId)
    .execute();
  const byHash = new Map(rows.map((row) => [row.account_hash?.toString('hex'), row.receipt_id]));
  return new Map(
    wave.voices.map(({ account, platform, known }) => {
      const hash = ctx.vault.accountHash(platform, known).toString('hex');
      return [account, ctx.vault.receiptToken(byHash.get(hash) ?? '')];
    }),
  );
}
