import type { Context } from '../../context.ts';
import { NotFoundError } from '../../domain/errors.ts';
import { didYouMean } from '../../domain/suggest.ts';
import { TEXT_RULES } from '../../platforms/index.ts';
import type { PolicyFacts } from '../../platforms/platform.ts';
import { type Acceptance, listAcceptances } from '../../store/platform-acceptance.ts';
import { isInForce } from './offered-platforms.ts';

/** How a platform stands in this instance. */
export interface PlatformStanding {
  name: string;
  label: string;
  /** It has what it needs, such as the keys of an app. */
  connected: boolean;
  simulated: boolean;
  /** Supporters can join with it by themselves. */
  offered: boolean;
  /** What its rules say of posts like ours; null while it is not connected. */
  policy: PolicyFacts | null;
  /** Who accepted them last; it may have lapsed. */
  acceptance: Acceptance | null;
  /** They were accepted, and what the code says of them is newer: somebody has to read and accept them again. */
  lapsed: boolean;
}

/** Every platform there is: the connected ones in the order in which they are offered, then the others. */
export async function listPlatforms(ctx: Context): Promise<PlatformStanding[]> {
  const acceptances = await listAcceptances(ctx.db);
  const connected = [...ctx.platforms.values()].map((platform): PlatformStanding => {
    const acceptance = acceptances.get(platform.name);
    const inForce = isInForce(platform, acceptance);
    return {
      name: platform.name,
      label: platform.label,
      connected: true,
      simulated: platform.isSimulated,
      offered: platform.isSimulated || inForce,
      policy: platform.policy,
      acceptance: acceptance ?? null,
      lapsed: acceptance !== undefined && !inForce,
    };
  });
  const others = TEXT_RULES.filter(({ platform }) => !ctx.platforms.has(platform)).map(
    ({ platform, label }): PlatformStanding => ({
      name: platform,
      label,
      connected: false,
      simulated: false,
      offered: false,
      policy: null,
      acceptance: acceptances.get(platform) ?? null,
      lapsed: false,
    }),
  );
  return [...connected, ...others];
}

/** @throws NotFoundError for a name that no platform has. */
export async function showPlatform(
  ctx: Context,
  { name }: { name: string },
): Promise<PlatformStanding> {
  const all = await listPlatforms(ctx);
  const found = all.find((platform) => platform.name === name);
  if (found) return found;
  const names = all.map((platform) => platform.name);
  const mend = didYouMean(name, names) || `; there are ${names.join(', ')}`;
  throw new NotFoundError(`There is no platform "${name}"${mend}`, 'name');
}
