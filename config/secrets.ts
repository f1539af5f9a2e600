import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ConfigurationError } from '../src/domain/errors.ts';

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

/** The keys of an instance: made once, kept in the data folder with mode 0600, never derived from one another. */
export interface InstanceSecrets {
  /** Names the master key in every wrapped key, so that it can be rotated. */
  masterKeyId: string;
  /** 32 bytes, base64: wraps the campaign keys. */
  masterKey: Secret;
  /** 32 bytes, base64: keys the hash under which accounts are kept. Never rotated, or one account could pledge twice. */
  accountHashKey: Secret;
  /** 32 bytes, base64: authenticates receipt links, so that the links themselves are stored nowhere. */
  receiptKey: Secret;
}

const FILE = 'secrets.json';

/**
 * Reads the instance's secrets from DATA_DIR/secrets.json, or makes them on the first start.
 * @throws ConfigurationError when the folder cannot be written or the file is not ours.
 */
export function loadSecrets(dataDir: string): InstanceSecrets {
  const path = join(dataDir, FILE);
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const fresh = {
      masterKeyId: randomBytes(6).toString('hex'),
      masterKey: randomBytes(32).toString('base64'),
      accountHashKey: randomBytes(32).toString('base64'),
      receiptKey: randomBytes(32).toString('base64'),
    };
    // What they encrypt must not outlive them, so they are on the disk before anything else is; and the file appears whole
    // or not at all: of two first starts, one link succeeds and both read its keys.
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(fresh, null, 2)}\n`, { mode: 0o600, flush: true });
    try {
      linkSync(draft, path);
    } finally {
      unlinkSync(draft);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new ConfigurationError(
        `DATA_DIR: ${dataDir} cannot be written (${(error as Error).message}); choose a folder this user may write`,
      );
    }
  }
  return parse(path);
}

function parse(path: string): InstanceSecrets {
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
    return {
      masterKeyId: text('masterKeyId'),
      masterKey: key('masterKey'),
      accountHashKey: key('accountHashKey'),
      receiptKey: key('receiptKey'),
    };
  } catch (error) {
    throw new ConfigurationError(
      `DATA_DIR: ${path} cannot be used (${(error as Error).message}); restore it from your backup, for without it nothing stored can be read`,
    );
  }
}
