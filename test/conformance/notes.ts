import { randomBytes } from 'node:crypto';
import { type InstanceSecrets, Secret } from '../../config/secrets.ts';
import type { PlatformNotes } from '../../src/platforms/platform.ts';
import { notesOf } from '../../src/store/platform-note.ts';
import { createVault } from '../../src/store/vault.ts';
import { openRecords } from '../support/rows.ts';

/** Opens a platform's notes in records of this file's own, once, whoever asks. Needs postgres. */
export function notesFor(platform: string): () => Promise<PlatformNotes> {
  let opened: Promise<PlatformNotes> | undefined;
  return () => {
    opened ??= openRecords().then(({ db }) => notesOf(db, createVault(newSecrets()), platform));
    return opened;
  };
}

function newSecrets(): InstanceSecrets {
  const key = (): Secret => new Secret(randomBytes(32).toString('base64'));
  const masterKeyId = randomBytes(6).toString('hex');
  const rest = { nextMasterKey: null, path: '' };
  return { masterKeyId, masterKey: key(), accountHashKey: key(), receiptKey: key(), ...rest };
}
