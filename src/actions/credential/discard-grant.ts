import type { Context } from '../../context.ts';
import { errorWord } from '../../domain/error-word.ts';
import type { Account, Choice, Grant, Platform } from '../../platforms/platform.ts';
import { isAccountNeeded, isAnyAccountNeeded } from '../../store/credential.ts';
import { isPledged } from '../../store/pledge.ts';

/**
 * A grant that nothing will be done with is given back at once; if even that fails, it was never stored. Where that would end
 * what another pledge of the same account stands on, it is only forgotten. `none_seen`: the network showed no account that it is good
 * for. One that is not shown any more, such as a page that was moved into a portfolio, may have been pledged, and no pledge says
 * whose page it is; so it is given back only while no live grant of this network is needed by a campaign under way.
 */
export async function discardGrant(
  ctx: Context,
  platform: Platform,
  grant: Grant,
  whose: Account | 'none_seen' | 'unknown',
): Promise<void> {
  await tolerant(ctx, platform, async () => {
    if (platform.sharesGrants && (await mayBePledged(ctx, platform, whose))) return;
    await platform.revoke(grant);
  });
}

async function mayBePledged(
  ctx: Context,
  { name }: Platform,
  whose: Account | 'none_seen' | 'unknown',
): Promise<boolean> {
  if (whose === 'unknown') return true;
  if (whose === 'none_seen') return isAnyAccountNeeded(ctx.db, name);
  return isPledged(ctx.db, name, ctx.vault.accountHash(name, whose.id));
}

/**
 * The same of every grant that a supporter could have chosen from. Where one person stands behind several accounts, giving one back may end
 * the others: then none of them may need its grant, nor the account that they should have come back with, by its hash, if it is known.
 */
export async function discardChoices(
  ctx: Context,
  platform: Platform,
  { campaignId, accountHash }: { campaignId: string; accountHash: Buffer | null },
  choices: readonly Choice[],
): Promise<void> {
  const isOnePersons = platform.sharesGrants && platform.choices;
  for (const { grant, account } of isOnePersons ? [] : choices) {
    await discardGrant(ctx, platform, grant, account);
  }
  const [first] = choices;
  if (!isOnePersons || !first) return;
  await tolerant(ctx, platform, async () => {
    const hashes = choices.map(({ account }) => ctx.vault.accountHash(platform.name, account.id));
    for (const hash of accountHash ? [accountHash, ...hashes] : hashes) {
      const known = { campaignId, platform: platform.name, accountHash: hash };
      if (await isAccountNeeded(ctx.db, known)) return;
    }
    await platform.revoke(first.grant);
  });
}

async function tolerant(
  ctx: Context,
  platform: Platform,
  discard: () => Promise<void>,
): Promise<void> {
  try {
    await discard();
  } catch (error) {
    ctx.log.warn(
      { platform: platform.name, error: errorWord(error) },
      'an unused grant could not be revoked',
    );
  }
}
