import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { readEnvironment } from '../../config/env.ts';
import { ConfigurationError } from '../../src/domain/errors.ts';
import { tempFolder } from '../support/temp.ts';

function refusal(source: Record<string, string>): string {
  try {
    loadConfig(source);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error(`${JSON.stringify(source)} is taken`);
}

const WRONG: readonly [text: string, says: RegExp][] = [
  [
    '~',
    /: "~" begins with ~, .* your home folder; write the whole path, .*, or \.\/~ for a folder of that name$/,
  ],
  ['~/data', /begins with ~, .* \/home\/USER\/data, or \.\/~\/data for/],
  ['~tocsin/data', /begins with ~tocsin, for which only a shell puts the home folder of tocsin;/],
  ['$HOME/data', /has \$HOME in it, for which only a shell puts a value; write the whole path$/],
  ['/srv/$NAME/data', /has \$NAME in it/],
  ['file:///srv/data', /is an address; write the path alone, \/srv\/data$/],
];

describe('D a path that only a shell would have read', () => {
  for (const variable of ['DATA_DIR', 'SECRETS_FILE', 'TZDIR', 'X_CLIENT_SECRET_FILE']) {
    it.each(WRONG)(`D is refused as ${variable}: %s`, async (text, says) => {
      const message = refusal({ DATA_DIR: await tempFolder('path'), [variable]: text });
      expect(message).toMatch(says);
      expect(message.startsWith(`${variable}: `)).toBe(true);
      expect(message.split('\n')).toHaveLength(1);
    });
  }

  it('D makes no folder', () => {
    for (const [text] of WRONG) refusal({ DATA_DIR: text });
    for (const name of ['~', '~tocsin', '$HOME', 'file:'])
      expect(existsSync(name), name).toBe(false);
  });

  it('D is taken where a folder has such a name', async () => {
    const folder = join(await tempFolder('path'), '$data');
    await mkdir(folder);
    expect(loadConfig({ DATA_DIR: folder }).dataDir).toBe(folder);
  });
});

describe('D quotation marks that are left around a value', () => {
  it.each(['"hidden"', "'hidden'"])(
    'D are refused, and what is in them is not repeated: %s',
    async (text) => {
      const file = join(await tempFolder('path'), 'secret');
      await writeFile(file, `${text}\n`);
      const sources: Record<string, string>[] = [
        { X_CLIENT_SECRET: text },
        { X_CLIENT_SECRET_FILE: file },
        { DATA_DIR: text },
      ];
      for (const source of sources) {
        const message = refusal(source);
        expect(message).toMatch(
          /^(X_CLIENT_SECRET|X_CLIENT_SECRET_FILE|DATA_DIR): the value stands within quotation marks/,
        );
        expect(message).not.toContain('hidden');
      }
    },
  );

  it('D are taken where they belong to the value', () => {
    const from = '"Reminders, Inc." <reminders@example.org>';
    expect(readEnvironment({ MAIL_FROM: from }).MAIL_FROM).toBe(from);
  });
});
