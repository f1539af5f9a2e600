import type { Context } from '../context.ts';
import type { CampaignState } from '../domain/campaign.ts';
import { listEvery } from '../store/campaign-list.ts';
import { countHeldValues, countKeys, type HeldValues } from '../store/seizure.ts';

/** What somebody who has taken the disk away gets of one campaign. */
export interface Seizure {
  slug: string;
  state: CampaignState;
  tables: readonly HeldValues[];
  /** Values that lead to a person, and open with `secrets.json` beside the database; without it, none does. */
  opened: number;
  /** Values that were left sealed and open with nothing. */
  shut: number;
  /** Keyed hashes: with `secrets.json`, somebody can ask of a guess whether it is the one. */
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
