import type { PlatformNotes } from '../../src/platforms/platform.ts';
import { openNoteBook } from '../../src/store/platform-note.ts';
import { createVault } from '../../src/store/vault/vault.ts';
import { newSecrets, openRecords } from '../support/rows.ts';

/** Opens a platform's notes in records of this file's own, once, whoever asks. Needs postgres. */
export function notesFor(platform: string): () => Promise<PlatformNotes> {
  let opened: Promise<PlatformNotes> | undefined;
  return () => {
    opened ??= openRecords().then(({ db }) =>
      openNoteBook(db, createVault(newSecrets()), platform),
    );
    return opened;
  };
}
