import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { embeddedPaths } from '../../src/store/embedded/paths.ts';
import { startServer } from '../../src/store/embedded/server.ts';
import { tempFolder } from '../support/temp.ts';

/** What PostgreSQL 18 says and does when it recovers on a full disk, in its own words; a disk that is full is not to be had in a test. */
const SAID = [
  'LOG:  database system was not properly shut down; automatic recovery in progress',
  'FATAL:  could not extend file "base/5/16554": No space left on device',
  'HINT:  Check free disk space.',
  'CONTEXT:  WAL redo at 0/17CDC40 for XLOG/FPI: ; blkref #0: rel 1663/5/16554, blk 0 FPW',
  'LOG:  startup process (PID 10806) exited with exit code 1',
  'LOG:  terminating any other active server processes',
  'LOG:  shutting down due to startup process failure',
  'LOG:  database system is shut down',
];

it('an embedded PostgreSQL that ends since the disk is full is told as that, whatever it says behind it', async () => {
  const folder = await tempFolder('full');
  const postgres = join(folder, 'postgres');
  const lines = SAID.map((line) => `echo '${line}' >&2`).join('\n');
  await writeFile(postgres, `#!/bin/sh\n${lines}\nexit 1\n`);
  await chmod(postgres, 0o755);
  const started = startServer({
    paths: embeddedPaths(folder),
    programs: { initdb: '', postgres, env: { PATH: '/usr/bin:/bin' } },
    user: { owner: {}, prefix: [], give: async () => undefined },
    watch: { onLine: () => undefined, onStart: () => undefined, onError: () => undefined },
  });
  await expect(started).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: `DATA_DIR: the disk is full, so the embedded PostgreSQL does not start (${SAID[1]}); make room there`,
  });
});
