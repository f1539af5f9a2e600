import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { FAULTS } from '../../src/simulator/behaviour.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { startNetwork } from '../support/network.ts';
import { programPath } from '../support/program.ts';
import { authorize, post, startSimulator } from './support.ts';

let url: string;

beforeAll(async () => {
  ({ url } = await startNetwork());
});

describe('the process', () => {
  const run = async (...args: string[]) =>
    spawnSync(process.execPath, [await programPath('src/simulator/main.ts'), ...args], {
      encoding: 'utf8',
    });

  test('prints one line, lives, and stops with 0 in the middle of things', async () => {
    const other = await startSimulator();
    expect((await fetch(`${other.url}/livez`)).status).toBe(200);
    const { access_token } = await authorize(other.url, 'anna');
    await other.control.fault('anna', 'posts', 'hangAfterAccept');
    const hung = post(other.url, access_token, 'Hello').catch((error: Error) => error);
    await expect.poll(() => other.control.posts()).toHaveLength(1);
    expect(await other.stop()).toBe(0);
    expect(await hung).toBeInstanceOf(Error);
    expect(other.lines).toEqual([`Simulator is ready at ${other.url}`]);
  });

  test('explains itself', async () => {
    const { status, stdout } = await run('--help');
    expect(status).toBe(0);
    for (const word of [...FAULTS, '/_control/faults', 'forcedResetSeconds', '--record']) {
      expect(stdout).toContain(word);
    }
  });

  test('ends with one clear line when the port is taken', async () => {
    const busy = await run('--port', new URL(url).port);
    expect(busy.status).toBe(1);
    expect(busy.stderr).toMatch(/^simulator: port \d+ on 127\.0\.0\.1 is in use.*\n$/);
  });

  test('ends with one clear line when the record cannot be written', async () => {
    const unwritable = await run('--port', '0', '--record', '/nowhere/at/all');
    expect(unwritable.status).toBe(1);
    expect(unwritable.stderr).toMatch(/^simulator: .*\/nowhere\/at\/all.*\n$/);
  });

  test.each([[['--port', 'x']], [['--port', '0', '--seed', 'x']], [['--what']]])(
    'does not start with %j',
    async (args) => {
      const { status, stderr } = await run(...args);
      expect(status).toBe(2);
      expect(stderr).toMatch(/^simulator: .*--(port|seed|what)/);
    },
  );

  test('can be built in a process of one’s own', async () => {
    const own = createSimulator({ host: '127.0.0.1', port: 0, platforms: ['x'], seed: 1 });
    expect(() => own.urls).toThrow(/not started/);
    await own.start();
    const url = own.urls.get('x');
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    await own.dispose();
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
  });
});
