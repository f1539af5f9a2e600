import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ConfigurationError } from '../src/domain/errors.ts';
import { explainFolder, makeFolder } from './folder.ts';

/**
 * A value that must not be seen. It prints, serialises and inspects as `[secret]`, so that a configuration
 * can be logged whole; only `reveal()` gives the value, and a search for that word finds every use.
 */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
  [inspect.custom](): string {
    return '[secret]';
  }
}

/** A key that campaigns' keys are wrapped under. Its id stands beside whatever is sealed with it. */
export interface MasterKey {
  id: string;
  /** 32 bytes, base64. */
  key: Secret;
}

/** The keys of an instance: made once, kept in a file with mode 0600, never derived from one another. */
export interface InstanceSecrets {
  /** Names the master key in every wrapped key, so that it can be rotated. */
  masterKeyId: string;
  /** 32 bytes, base64: wraps the campaign keys. */
  masterKey: Secret;
  /** Takes the place of the master key when everything has been wrapped anew; null except while that is under way. */
  nextMasterKey: MasterKey | null;
  /** 32 bytes, base64: keys the hash under which accounts are kept. Never rotated, or one account could pledge twice. */
  accountHashKey: Secret;
  /** 32 bytes, base64: authenticates receipt links, so that the links themselves are stored nowhere. */
  receiptKey: Secret;
  /** The file that they were read from, and are read from again. */
  path: string;
}

const FILE = 'secrets.json';

/**
 * Reads the instance's secrets from `secretsFile`, or from DATA_DIR/secrets.json, which is made on the first start. Nothing is
 * written when they are there, so that they may lie on a read-only mount.
 * @throws ConfigurationError when there are none and none can be made, or the file is not ours.
 */
export function loadSecrets(dataDir: string, secretsFile = ''): InstanceSecrets {
  if (secretsFile !== '') {
    refuseMissing(secretsFile);
    return readSecrets(secretsFile, 'SECRETS_FILE');
  }
  const path = join(dataDir, FILE);
  if (!existsSync(path)) makeSecrets(dataDir, path);
  return readSecrets(path, 'DATA_DIR');
}

/** Named by hand, it is somewhere or the name is wrong: new keys in its place would open nothing that is stored. */
function refuseMissing(path: string): void {
  if (existsSync(path)) return;
  throw new ConfigurationError(
    `SECRETS_FILE: there is no ${path}; give the path of this instance's secrets.json. A new instance makes one by itself: start it once without SECRETS_FILE, then move DATA_DIR/${FILE} there`,
  );
}

function makeSecrets(dataDir: string, path: string): void {
  try {
    makeFolder(dataDir);
    const fresh = {
      ...newMasterKey(),
      accountHashKey: randomBytes(32).toString('base64'),
      receiptKey: randomBytes(32).toString('base64'),
    };
    // What they encrypt must not outlive them, so they are on the disk before anything else is; and the file appears whole
    // or not at all: of two first starts, one link succeeds and both read its keys.
    const draft = `${path}.${process.pid}`;
    try {
      writeFileSync(draft, secretsText(fresh), { mode: 0o600, flush: true });
      linkUnlessThere(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
  } catch (error) {
    const and = `, and there is no ${FILE} in it`;
    const or = `, or mount this instance's ${FILE} and name it in SECRETS_FILE`;
    const folder = { path: dataDir, variable: 'DATA_DIR', and, or };
    throw new ConfigurationError(explainFolder(folder, error));
  }
}

/** Gives a draft its name, unless another start was first. */
function linkUnlessThere(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** A master key as it stands in the file. */
export function newMasterKey(): { masterKeyId: string; masterKey: string } {
  return {
    masterKeyId: randomBytes(6).toString('hex'),
    masterKey: randomBytes(32).toString('base64'),
  };
}

export function secretsText(raw: object): string {
  return `${JSON.stringify(raw, null, 2)}\n`;
}

/** `variable`: the one that says where the file is. @throws ConfigurationError when the file is not ours. */
export function readSecrets(path: string, variable = 'DATA_DIR'): InstanceSecrets {
  try {
    const raw = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const text = (key: string): string => {
      const value = raw[key];
      if (typeof value !== 'string' || value === '') throw new Error(`"${key}" is missing`);
      return value;
    };
    const key = (name: string): Secret => {
      const value = text(name);
      if (Buffer.from(value, 'base64').length !== 32) throw new Error(`"${name}" is not 32 bytes`);
      return new Secret(value);
    };
    const isRotating = raw.nextMasterKeyId !== undefined;
    return {
      masterKeyId: text('masterKeyId'),
      masterKey: key('masterKey'),
      nextMasterKey: isRotating ? { id: text('nextMasterKeyId'), key: key('nextMasterKey') } : null,
      accountHashKey: key('accountHashKey'),
      receiptKey: key('receiptKey'),
      path,
    };
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const mend = ['EACCES', 'EPERM'].includes(code)
      ? 'let the user that Tocsin runs as read it'
      : 'restore it from your backup, for without it nothing stored can be read';
    throw new ConfigurationError(`${variable}: ${path} cannot be used (${message}); ${mend}`);
  }
}
