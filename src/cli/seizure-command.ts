import { defineCommand } from 'citty';
import { type Seizure, showSeizure } from '../actions/operator/show-seizure.ts';
import { print, withContext } from './command.ts';

/** Part of `instance`. */
export const seizedCommand = defineCommand({
  meta: {
    name: 'seized',
    description: 'What somebody gets who takes this disk away now; counts only',
  },
  args: { json: { type: 'boolean', description: 'One line of JSON', default: false } },
  run: async ({ args }) =>
    withContext(async (ctx) => {
      const campaigns = await showSeizure(ctx);
      print(
        args.json,
        { campaigns },
        campaigns.length > 0 ? campaigns.flatMap(describeSeizure) : ['There is no campaign.'],
      );
    }),
});

function describeSeizure({ slug, state, tables, opened, shut, guessable }: Seizure): string[] {
  const rows = tables.map(({ table, rows: count }) => `${table} ${count}`).join(', ');
  const leads = opened + guessable;
  return [
    `${slug} (${state.replaceAll('_', ' ')}): rows: ${rows || 'none'}`,
    leads === 0
      ? '  leads to nobody: counters, times of posts, and what the campaign itself says'
      : `  with the database alone: ${opened} sealed values, none of which opens, and ${guessable} keyed hashes`,
    ...(leads === 0
      ? []
      : [
          `  with secrets.json beside it: ${opened} values open (accounts, texts, permissions, posts), and ${guessable} hashes can be compared with guesses`,
        ]),
    ...(shut > 0 ? [`  ${shut} sealed values are left that open with nothing`] : []),
  ];
}
