import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { joinAs } from '../../src/demo/supporter.ts';
import { repository } from '../support/child.ts';
import { freePort } from '../support/free-port.ts';
import { startProcess } from '../support/process.ts';
import { networkEnvironment, startNetwork } from '../support/stage.ts';
import { tempFolder } from '../support/temp.ts';
import { waitFor } from '../support/wait-for.ts';

const SUPPORTERS = 30;
const IN_SECONDS = 40;

describe('an instance that is killed ten seconds before the moment', () => {
  it('posts everything once when it is started again five seconds before', async () => {
    const network = await startNetwork();
    const environment = {
      DATA_DIR: await tempFolder('data'),
      PORT: String(await freePort()),
      SOLE_OPERATOR: 'true',
      LOCK_LEAD_SECONDS: '15',
      ARM_LEAD_SECONDS: '14',
      ...networkEnvironment(network.url),
    };
    const command = async (...args: string[]): Promise<string> => {
      const child = await startProcess({
        args: ['src/cli/main.ts', ...args, '--json'],
        env: environment,
      });
      expect(await child.exit, child.output()).toMatchObject({ code: 0 });
      return child.stdout();
    };
    const first = await startProcess({ args: ['src/main.ts'], env: environment });
    await first.line(/Tocsin is ready/, { timeoutMs: 60_000 });
    const file = join(repository, 'config/campaigns/reference.yaml');
    expect(await readFile(file, 'utf8')).toContain('Chechen100');
    const created = JSON.parse(await command('campaign', 'create', file, '--in', `${IN_SECONDS}s`));
    const { url } = JSON.parse(await command('campaign', 'approve', created.slug));
    const people = await network.control.createAccounts({ count: SUPPORTERS });
    for (const [index, person] of people.entries()) await joinAs(url, person.handle, index);

    const moment = Date.parse(created.moment);
    await sleep(moment - 10_000 - Date.now());
    await first.stop('SIGKILL');
    await sleep(moment - 5_000 - Date.now());
    const second = await startProcess({ args: ['src/main.ts'], env: environment });
    await second.line(/Tocsin is ready/, { timeoutMs: 60_000 });

    await waitFor(async () => (await network.control.posts()).length >= SUPPORTERS, {
      timeoutMs: 45_000,
      what: 'all posts',
    });
    await waitFor(
      async () => JSON.parse(await command('campaign', 'show', created.slug)).state === 'settled',
      { timeoutMs: 30_000, everyMs: 500, what: 'the campaign to settle' },
    );
    const posts = await network.control.posts();
    expect(posts.map((post) => post.handle).sort()).toEqual(people.map((p) => p.handle).sort());
    expect(posts.filter((post) => post.at_us < moment * 1000)).toEqual([]);
    expect((await second.stop()).code).toBe(0);
  }, 120_000);
});
