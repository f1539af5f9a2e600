import type { Db } from './connection/database.ts';
import { audit } from './operator.ts';

/** Who has accepted what a platform's rules say of posts like ours. */
export interface Acceptance {
  platform: string;
  actor: string;
  /** The date that the facts bore which were accepted, ISO. */
  asOf: string;
  at: Date;
}

/** What has been accepted, by the platform's name. */
export async function listAcceptances(db: Db): Promise<Map<string, Acceptance>> {
  const rows = await db
    .selectFrom('platform_acceptance')
    .select(['platform', 'actor', 'as_of as asOf', 'at'])
    .execute();
  return new Map(rows.map((row) => [row.platform, row]));
}

/** Notes an acceptance, over an older one, and tells the audit log. False when the same facts were accepted already. */
export async function saveAcceptance(
  db: Db,
  { platform, actor, asOf }: Pick<Acceptance, 'platform' | 'actor' | 'asOf'>,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const row = await trx
      .insertInto('platform_acceptance')
      .values({ platform, actor, as_of: asOf })
      .onConflict((conflict) =>
        conflict
          .column('platform')
          .doUpdateSet((eb) => ({
            actor: eb.ref('excluded.actor'),
            as_of: eb.ref('excluded.as_of'),
            at: eb.ref('excluded.at'),
          }))
          .whereRef('platform_acceptance.as_of', '<', 'excluded.as_of'),
      )
      .returning('platform')
      .executeTakeFirst();
    if (row) await audit(trx, { actor, action: 'platform.accept', subject: platform });
    return row !== undefined;
  });
}

/** Takes an acceptance back, and tells the audit log. False when there was none. */
export async function deleteAcceptance(
  db: Db,
  { platform, actor }: Pick<Acceptance, 'platform' | 'actor'>,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const row = await trx
      .deleteFrom('platform_acceptance')
      .where('platform', '=', platform)
      .returning('platform')
      .executeTakeFirst();
    if (row) await audit(trx, { actor, action: 'platform.withdraw', subject: platform });
    return row !== undefined;
  });
}
