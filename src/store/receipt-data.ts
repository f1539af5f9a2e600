import type { Selectable } from 'kysely';
import type { Db } from './connection/database.ts';
import type {
  AttemptTable,
  CredentialTable,
  DeliveryTable,
  IntentTable,
  OauthFlowTable,
  PledgeTable,
} from './schema.ts';

/** Every row that is there because of one receipt. */
export interface ReceiptData {
  pledges: Selectable<PledgeTable>[];
  credentials: Selectable<CredentialTable>[];
  deliveries: Selectable<DeliveryTable>[];
  attempts: Selectable<AttemptTable>[];
  intents: Selectable<IntentTable>[];
  flows: Selectable<OauthFlowTable>[];
}

export async function readReceiptData(db: Db, receiptId: string): Promise<ReceiptData> {
  const pledges = await db
    .selectFrom('pledge')
    .selectAll()
    .where('receipt_id', '=', receiptId)
    .orderBy('platform')
    .orderBy('id')
    .execute();
  const ids = pledges.map(({ id }) => id);
  const deliveries = await rows(ids, () =>
    db.selectFrom('delivery').selectAll().where('pledge_id', 'in', ids).execute(),
  );
  const owed = deliveries.map(({ id }) => id);
  // Words with the id of a pledge are there to connect it again.
  const begun = [receiptId, ...ids];
  return {
    pledges,
    deliveries,
    credentials: await rows(ids, () =>
      db.selectFrom('credential').selectAll().where('pledge_id', 'in', ids).execute(),
    ),
    attempts: await rows(owed, () =>
      db
        .selectFrom('attempt')
        .selectAll()
        .where('delivery_id', 'in', owed)
        .orderBy('answered_at')
        .execute(),
    ),
    intents: await db.selectFrom('intent').selectAll().where('id', 'in', begun).execute(),
    flows: await db.selectFrom('oauth_flow').selectAll().where('intent_id', 'in', begun).execute(),
  };
}

/** Nothing is asked for of nothing: `in ()` is no SQL. */
async function rows<T>(ids: readonly string[], ask: () => Promise<T[]>): Promise<T[]> {
  return ids.length === 0 ? [] : ask();
}
