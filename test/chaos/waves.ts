import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { approveCampaign } from '../../src/actions/campaign/approve-campaign.ts';
import { createCampaign } from '../../src/actions/campaign/create-campaign.ts';
import type { Context } from '../../src/context.ts';
import { parseCampaignYaml } from '../../src/domain/campaign-input.ts';
import { ConflictError } from '../../src/domain/errors.ts';
import { momentAt } from '../../src/domain/moment.ts';
import type { PlatformName } from '../../src/simulator/client.ts';
import { repository } from '../support/child.ts';
import { accountOf, clientIdAt, grantPeople, type Person, seedPledges } from '../support/crowd.ts';
import type { Networks } from './networks.ts';

/** From the lock to the moment; short, so that a wave does not hold up the next. */
export const LOCK_LEAD_MS = 1_500;
/** For the campaign, and for each pledge, to be written before the lock. Several times what it takes. */
const PREPARE_MS = 1_000;
const PREPARE_EACH_MS = 1.5;

/** Somebody who is owed a post: what the simulator calls their account, and what our records do. */
export interface Voice {
  platform: PlatformName;
  account: string;
  known: string;
}

/** What a wave owes: one post of each of these people, not before the moment. */
export interface Wave {
  campaignId: string;
  momentMs: number;
  voices: Voice[];
  /** Accounts of those of them who have asked for their pledge back, and those who were told that they have it. */
  asked: Set<string>;
  withdrawn: Set<string>;
}

/**
 * Opens a campaign whose moment is a few seconds ahead and fills it with so many pledges. Null when that was not done before
 * the lock. `patience` multiplies the time there is for it.
 */
export async function openWave(
  ctx: Context,
  networks: Networks,
  slug: string,
  size: number,
  patience: number,
): Promise<Wave | null> {
  const people = await gather(networks, size);
  const document = await referenceDocument();
  const lead = LOCK_LEAD_MS + patience * (PREPARE_MS + PREPARE_EACH_MS * size);
  const moment = momentAt(new Date(ctx.clock.now() + lead), 'Europe/Moscow');
  const momentMs = moment.instant.getTime();
  await createCampaign(ctx, {
    document: { ...document, slug, moment: { at: moment.wall, zone: moment.zone } },
    author: 'chaos',
  });
  const id = await openInTime(ctx, slug);
  if (id === null) return null;
  const isLate = () => ctx.clock.now() > momentMs - LOCK_LEAD_MS;
  try {
    for (const [platform, some] of people) await seedPledges(ctx, id, some, platform);
  } catch (error) {
    if (isLate()) return null;
    throw error;
  }
  if (isLate()) return null;
  const voices = [...people].flatMap(([platform, some]) =>
    some.map((one) => ({ platform, account: one.id, known: accountOf(one).id })),
  );
  return { campaignId: id, momentMs, voices, asked: new Set(), withdrawn: new Set() };
}

/** So many people in all, as many at each network as go. */
async function gather(networks: Networks, size: number): Promise<Map<PlatformName, Person[]>> {
  const people = new Map<PlatformName, Person[]>();
  let left = size;
  for (const [i, [platform, { control }]] of [...networks].entries()) {
    const share = Math.ceil(left / (networks.size - i));
    left -= share;
    const some: Person[] = [];
    for await (const page of grantPeople(control, clientIdAt(platform), share)) some.push(...page);
    people.set(platform, some);
  }
  return people;
}

/** Null where this machine was so slow that joining would close before it opened. */
async function openInTime(ctx: Context, slug: string): Promise<string | null> {
  try {
    return (await approveCampaign(ctx, { slug, operator: 'chaos' })).id;
  } catch (error) {
    if (error instanceof ConflictError && error.code === 'moment_past') return null;
    throw error;
  }
}

async function referenceDocument(): Promise<Record<string, unknown>> {
  const file = join(repository, 'config/campaigns/reference.yaml');
  return parseCampaignYaml(await readFile(file, 'utf8')) as Record<string, unknown>;
}
