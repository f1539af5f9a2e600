import { CAMPAIGNS } from './campaigns.ts';
import { INSTANCE } from './instance.ts';
import type { KeptTables } from './kept.ts';
import { PEOPLE } from './people.ts';

export type { KeptColumn, KeptTable, StorageForm } from './kept.ts';

/** Every column there is; one without an entry does not compile. */
export const KEPT: KeptTables = { ...PEOPLE, ...CAMPAIGNS, ...INSTANCE };
