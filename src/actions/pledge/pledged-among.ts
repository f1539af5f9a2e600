import type { Context } from '../../context.ts';
import type { Choice } from '../../platforms/platform.ts';
import { findPledge } from '../../store/pledge.ts';

/** Which of the accounts that came back is the account of a pledge; else by its hash the account that it should have been. */
export type PledgedAmong =
  | { kind: 'pledged'; choice: Choice }
  | { kind: 'other'; accountHash: Buffer }
  /** The pledge was withdrawn meanwhile. */
  | { kind: 'gone' };

/** Hashes may be covered anew meanwhile. */
const MAX_LOOKS = 3;

/** Looks for the account of a pledge that is connected again. */
export async function pledgedAmong(
  ctx: Context,
  pledgeId: string,
  choices: readonly Choice[],
): Promise<PledgedAmong> {
  for (let looks = 1; ; looks += 1) {
    const under = ctx.vault.hashedUnder();
    const pledge = await findPledge(ctx.db, pledgeId);
    const accountHash = pledge?.account_hash;
    if (pledge?.state !== 'active' || !accountHash) return { kind: 'gone' };
    const choice = choices.find(({ account }) =>
      ctx.vault.accountHash(pledge.platform, account.id).equals(accountHash),
    );
    if (choice) return { kind: 'pledged', choice };
    await ctx.vault.follow(ctx.db);
    const isSure = ctx.vault.hashedUnder() === under || looks === MAX_LOOKS;
    if (isSure) return { kind: 'other', accountHash };
  }
}
