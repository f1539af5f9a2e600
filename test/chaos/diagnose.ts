import { sql } from 'kysely';
import type { Context } from '../../src/context.ts';
import type { RecordEntry } from '../../src/simulator/record.ts';
import type { Voice, Wave } from './waves.ts';

/** So many are told in full; the first few of a kind say what there is to say. */
const MOST = 12;

interface AttemptLine {
  number: number;
  worker: string;
  sent_at: Date | null;
  answered_at: Date;
  outcome: string;
  detail: string;
}

/** Both sides of a broken promise: when the simulator was asked and what it did, and what our ledger says, in ms from the moment. */
export async function diagnose(
  ctx: Context,
  entries: readonly RecordEntry[],
  broken: readonly { wave: Wave; voice: Voice; what: string }[],
  say: (line: string) => void,
): Promise<void> {
  for (const { wave, voice, what } of broken.slice(0, MOST)) {
    const { account, platform, known } = voice;
    const since = (at: number): string => `${Math.round(at - wave.momentMs)} ms`;
    say(`\n${what}: simulated account ${account} of ${platform}, campaign ${wave.campaignId}`);
    for (const entry of entries.filter((one) => one.account === account)) {
      const { status, fault = 'no fault', post = 'no post' } = entry;
      say(`  platform  ${since(entry.at_us / 1000)}: ${status ?? 'no answer'}, ${fault}, ${post}`);
    }
    const hash = ctx.vault.accountHash(platform, known);
    const { rows: deliveries } = await sql<{ id: string; state: string; marked_at: Date | null }>`
      select d.id, d.state, d.marked_at from delivery d join pledge p on p.id = d.pledge_id
      where p.campaign_id = ${wave.campaignId} and p.account_hash = ${hash}`.execute(ctx.db);
    for (const { id, state, marked_at } of deliveries) {
      const marked = marked_at ? `marked last ${since(marked_at.getTime())}` : 'never marked';
      say(`  records   ${state}, ${marked}`);
      const { rows } = await sql<AttemptLine>`
        select number, worker, sent_at, answered_at, outcome, detail from attempt
        where delivery_id = ${id} order by id`.execute(ctx.db);
      for (const { number, worker, sent_at, answered_at, outcome, detail } of rows) {
        const sent = sent_at ? `sent ${since(sent_at.getTime())}, ` : '';
        const answered = since(answered_at.getTime());
        say(`  ledger    ${number} ${worker} ${sent}at ${answered}: ${outcome}, ${detail}`);
      }
    }
  }
}
