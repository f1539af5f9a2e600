import type { Context } from '../../context.ts';
import type { CampaignState } from '../../domain/campaign.ts';
import { listEvery } from '../../store/campaign-list.ts';
import { countHeldValues, countKeys, type HeldValues } from '../../store/seizure.ts';

/** What can be read of one campaign on a seized disk. */
export interface Seizure {
  slug: string;
  state: CampaignState;
  tables: readonly HeldValues[];
  /** Values that lead to a person, and open with `secrets.json` beside the database; without it, none does. */
  opened: number;
  /** Values that were left sealed and open with nothing. */
  shut: number;
  /** Keyed hashes: with `secrets.json`, a guess can be compared with them. */
  guessable: number;
}

const PAGE = 100;

/** What a seized disk yields now, of every campaign, the latest first. Reads counts only. */
export async function showSeizure(ctx: Context): Promise<Seizure[]> {
  const seized: Seizure[] = [];
  for (let after: string | null = null; ; ) {
    const { campaigns, next } = await listEvery(ctx.db, { after, limit: PAGE });
    for (const { id, slug, state } of campaigns) {
      const tables = await countHeldValues(ctx.db, id);
      const sealed = sum(tables.map(({ values }) => values.sealed));
      const hasKeys = (await countKeys(ctx.db, id)) > 0;
      seized.push({
        ...{ slug, state, tables },
        opened: hasKeys ? sealed : 0,
        shut: hasKeys ? 0 : sealed,
        guessable: sum(tables.map(({ values }) => values.hash)),
      });
    }
    if (next === null) return seized;
    after = next;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
