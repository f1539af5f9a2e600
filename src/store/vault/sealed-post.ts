import type { Db } from '../connection/database.ts';
import type { SealContext } from './seal-context.ts';
import type { Vault } from './vault.ts';

/** A post at its platform: each of the two leads to the person who lent it. */
export interface RemotePost {
  id: string | null;
  url: string | null;
}

/** Which row of `delivery` it is. */
interface DeliveryKey {
  id: string;
  campaignId: string;
  platform: string;
}

function sealContext(
  column: SealContext['column'],
  { id, campaignId, platform }: DeliveryKey,
): SealContext {
  return { column, campaignId, platform, rowId: id };
}

/** Seals the posts of a batch of deliveries; null where there is none. */
export async function sealPosts(
  vault: Vault,
  db: Db,
  posts: readonly (DeliveryKey & { post: RemotePost | null })[],
): Promise<(Buffer | null)[]> {
  const sealed: (Buffer | null)[] = [];
  for (const one of posts) {
    const context = sealContext('delivery.sealed', one);
    sealed.push(one.post && (await vault.seal(db, context, one.post)));
  }
  return sealed;
}

/** @throws SealError; NotFoundError when the campaign's key is destroyed. */
export async function openPost(
  vault: Vault,
  db: Db,
  delivery: DeliveryKey & { sealed: Buffer | null },
): Promise<RemotePost> {
  const { sealed } = delivery;
  if (sealed === null) return { id: null, url: null };
  return vault.open<RemotePost>(db, sealContext('delivery.sealed', delivery), sealed);
}

/** Seals what a step before the moment gave for a batch of deliveries. */
export async function sealStages(
  vault: Vault,
  db: Db,
  stages: readonly (DeliveryKey & { token: string })[],
): Promise<Buffer[]> {
  const sealed: Buffer[] = [];
  for (const one of stages) {
    sealed.push(await vault.seal(db, sealContext('delivery.sealed_stage', one), one.token));
  }
  return sealed;
}

/** @throws SealError; NotFoundError when the campaign's key is destroyed. */
export async function openStage(
  vault: Vault,
  db: Db,
  delivery: DeliveryKey & { sealedStage: Buffer | null },
): Promise<string | null> {
  const { sealedStage } = delivery;
  if (sealedStage === null) return null;
  return vault.open<string>(db, sealContext('delivery.sealed_stage', delivery), sealedStage);
}
