import { randomInt, randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { Db } from '../../../src/store/connection/database.ts';
import type { SealContext } from '../../../src/store/vault/seal-context.ts';
import { needs } from '../../support/database.ts';
import { insertCampaignRow, openRecords, rowsVault as vault } from '../../support/rows.ts';

const COLUMNS = [
  ...(['credential.sealed', 'pledge.sealed', 'delivery.sealed', 'delivery.sealed_stage'] as const),
  ...(['intent.sealed', 'oauth_flow.sealed', 'reminder.address'] as const),
];
const TRIES = 100_000;

needs('postgres')('S5 sealed values', () => {
  let db: Db;
  let campaigns: string[];
  beforeAll(async () => {
    ({ db } = await openRecords());
    campaigns = [await insertCampaignRow({ db, vault }), await insertCampaignRow({ db, vault })];
  });

  const pick = <T>(list: readonly T[]): T => list[randomInt(list.length)] as T;
  const placeOf = (): SealContext => ({
    column: pick(COLUMNS),
    campaignId: pick(campaigns),
    platform: pick(['x', 'mastodon', '']),
    rowId: `${randomUUID()}@${randomInt(9)}`,
  });

  it('S5 accept none of 100,000 that were moved, changed, cut or put back', async () => {
    const values = Array.from({ length: 200 }, () => ({ context: placeOf(), value: { n: 1 } }));
    const sealedOnes = await Promise.all(
      values.map(({ context, value }) => vault.seal(db, context, value)),
    );
    let accepted = 0;
    let refused = 0;
    for (let n = 0; n < TRIES; n++) {
      const at = randomInt(values.length);
      const { context } = values[at] as (typeof values)[number];
      const sealed = sealedOnes[at] as Buffer;
      const [where, bytes] = tamper(n % 4, context, sealed);
      await vault.open(db, where, bytes).then(
        () => (accepted += 1),
        () => (refused += 1),
      );
    }
    expect({ accepted, refused }).toEqual({ accepted: 0, refused: TRIES });
    for (const [at, { context }] of values.entries()) {
      expect(await vault.open(db, context, sealedOnes[at] as Buffer)).toEqual({ n: 1 });
    }
  }, 120_000);

  function tamper(how: number, context: SealContext, sealed: Buffer): [SealContext, Buffer] {
    switch (how) {
      case 0: {
        const other = placeOf();
        const part = pick(['column', 'campaignId', 'platform', 'rowId'] as const);
        const moved = { ...context, [part]: other[part] };
        return moved[part] === context[part]
          ? [{ ...context, rowId: randomUUID() }, sealed]
          : [moved, sealed];
      }
      case 1: {
        const changed = Buffer.from(sealed);
        const byte = randomInt(changed.length);
        changed[byte] = (changed[byte] ?? 0) ^ (1 << randomInt(8));
        return [context, changed];
      }
      case 2:
        return [context, sealed.subarray(0, randomInt(sealed.length))];
      default: {
        // What was sealed for the row as of an earlier consent.
        const [id, version] = context.rowId.split('@');
        return [{ ...context, rowId: `${id}@${Number(version) + 1}` }, sealed];
      }
    }
  }
});
