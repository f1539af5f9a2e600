import { KEPT, type KeptColumn, type KeptTable } from '../../src/store/kept/index.ts';

/** docs/kept.md, written from the entries of the schema; see `npm run kept`. */
export function keptPage(): string {
  return `${HEAD}\n${Object.entries(KEPT)
    .map(([name, table]) => section(name, table))
    .join('\n')}`;
}

const HEAD = `# What is kept, and until when

This page is written by \`npm run kept\` from an entry for every column of the database; a test fails when one has none, and another when
a row still holds what its entry says is gone.

**Sealed** means: AES-256-GCM under one of the campaign's two keys (for permissions to post, under a key that is derived from it for each
one), each value bound to its own row; the campaign's keys are sealed under the instance's master key, which is in \`secrets.json\` and
never in the database. **Hash** means: a keyed hash; who has the database alone can do nothing with it, who has the keys as well can ask of
a guess whether it is the one. **Hash of a secret** means: plain SHA-256 of a random value of 128 bits or more, such as a cookie or an API
key; it has no key, and nobody can guess what it was made of.

## Until when

| what | ends |
|---|---|
| a receipt, the account and the text on it | \`RETENTION_DAYS\` (7) after its campaign has ended: settled, aborted, cancelled, rejected, or without its goal. Each receipt says the date. |
| a pledge that is withdrawn, a receipt that is erased | at once; the sealed permission within a day: where its network has a way to give it back, once that is done |
| a permission | when its post is certain; given back to the network, where it has a way for that, then deleted |
| what is in doubt | looked for during the window of the campaign; destruction waits a day for it at most, then it stays *not known* |
| “I posted by myself” | until the campaign’s keys are destroyed; a week at most |
| words before an account is named | six hours |
| a mail address | when its last mail is out, or a day after it was not confirmed |

Then the keys of the campaign are destroyed: in the database, in the memory of every process, and, since older dumps hold them too, by
sealing all that remains under a new master key, which takes the old one's place in \`secrets.json\`. Rows are reduced to counters; the ledger
still verifies. \`npm run tocsin -- keys destroy SLUG --yes SLUG\` does the same by hand, of a campaign that is over.

**What undoes this**: a copy of \`secrets.json\` from before, beside a dump of its time. Destroy such copies; \`npm run tocsin -- doctor\` says
when it is time, and where the file is on a read-only mount, that you have to rotate it yourself. Backups made by a version of Tocsin before
this one hold texts, posts and words in clear, whatever becomes of keys: destroy them.

Nothing else keeps anything of supporters: Redis holds numbers of rows, logs neither tokens nor names nor addresses, and the folder
\`DATA_DIR\` the secrets and the embedded database. What PostgreSQL has deleted lies in its files for a while, as any database's does;
it is sealed, and opens as little.
`;

function section(name: string, table: KeptTable): string {
  const rows = Object.entries(table.columns).map(
    ([column, entry]) =>
      `| \`${column}\` | ${entry.what} | ${entry.form} | ${ending(table, entry)} |`,
  );
  return `## \`${name}\`

${table.about}. ${fate(table)}

| column | what it is | how it lies there | when the campaign’s keys are destroyed |
|---|---|---|---|
${rows.join('\n')}
`;
}

function fate({ rows }: KeptTable): string {
  if (rows === 'reduced') return 'The row stays as a counter, reduced.';
  if (rows === 'deleted') return 'The row is deleted at the latest with the campaign’s keys.';
  return `Rows: ${rows.until}.`;
}

function ending({ rows }: KeptTable, { reduced }: KeptColumn): string {
  if (rows === 'deleted') return 'gone';
  if (reduced === null) return 'stays';
  if (reduced.startsWith('date_trunc')) return 'the day alone';
  return reduced.includes('random') ? 'another one' : reduced === 'true' ? 'set' : 'gone';
}
