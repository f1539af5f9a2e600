import type { Schema } from '../schema.ts';

/**
 * What is kept, and until when: an entry for every column there is. docs/kept.md is written from it, rows are reduced by it when the
 * keys of a campaign are destroyed, and a test holds both the database and reduced rows to it.
 */

/** How a value lies in the database. `hash`: keyed, so that it says something only to who has the key and a guess. `hash of a secret`: plain SHA-256. */
export type StorageForm = 'clear' | 'sealed' | 'hash' | 'hash of a secret';

export interface KeptColumn {
  /** What it is, in words for people. */
  what: string;
  form: StorageForm;
  /** What becomes of it in a row that outlives the campaign's keys, as an SQL expression; null: it stays as it is. */
  reduced: string | null;
}

export interface KeptTable<Column extends string = string> {
  /** What a row is there for. */
  about: string;
  /**
   * `reduced`: the row outlives the keys of its campaign, with less in it; `deleted`: it does not; else words that say when a row
   * goes, or that it stays.
   */
  rows: 'reduced' | 'deleted' | { until: string };
  columns: Readonly<Record<Column, KeptColumn>>;
}

export type KeptTables = { [Name in keyof Schema]: KeptTable<keyof Schema[Name] & string> };

/** Readable by whoever has the database, and kept as long as the row. */
export const clear = (what: string): KeptColumn => ({ what, form: 'clear', reduced: null });

export const hash = (what: string): KeptColumn => ({ what, form: 'hash', reduced: null });

/** A secret of at least 128 random bits, which no guess meets: its hash needs no key. */
export const hashOfSecret = (what: string): KeptColumn => ({
  what,
  form: 'hash of a secret',
  reduced: null,
});

export const sealed = (what: string): KeptColumn => ({ what, form: 'sealed', reduced: null });

/** Taken out of the row when the keys of its campaign are destroyed; `left`: what is put in its place. */
export const gone = (column: KeptColumn, left = 'null'): KeptColumn => ({
  ...column,
  reduced: left,
});
