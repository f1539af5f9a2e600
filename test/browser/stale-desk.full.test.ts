import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { migrateAt } from '../../src/store/connection/database.ts';
import { atEnd } from '../support/at-end.ts';
import { needs, testDatabase } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { startNetwork } from '../support/network.ts';
import { type Child, startProcess } from '../support/process.ts';
import { networkEnvironment } from '../support/stage.ts';
import { tempFolder } from '../support/temp.ts';
import { arrive, openBrowser } from './visitor.ts';

const FILE = 'config/campaigns/reference.yaml';
const PATH = '/ops/campaigns/100-days';

needs('postgres', 'chromium')('the delivery page, when what it shows is old', () => {
  let instance: Child;
  let url: string;
  let page: Page;

  beforeAll(async () => {
    const [network, database] = await Promise.all([startNetwork(), testDatabase(migrateAt)]);
    const environment = {
      DATA_DIR: await tempFolder('browser'),
      DATABASE_URL: database.url,
      PORT: String(await freePort()),
      LOG_LEVEL: 'error',
      SOLE_OPERATOR: 'true',
      ...networkEnvironment(network.url),
    };
    instance = await startProcess({ args: ['src/main.ts'], env: environment });
    url = (await instance.line(/Tocsin is ready at (http:\S+)/, { timeoutMs: 60_000 }))[1] ?? '';
    const link = (await instance.line(/(http:\S+\/ops\/sign-in\/\S+)/))[1] ?? '';
    for (const args of [
      ['create', FILE, '--in', '3h'],
      ['approve', '100-days'],
    ]) {
      const command = await startProcess({
        args: ['src/cli/main.ts', 'campaign', ...args],
        env: environment,
      });
      expect(await command.exit).toEqual({ code: 0, signal: null });
    }
    ({ page } = await arrive(await openBrowser()));
    await page.goto(link);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${url}/ops`);
  });

  const status = () => page.locator('[data-live-state]').innerText();
  const state = (name: string, timeout = 30_000) =>
    page.locator(`[data-live-state="${name}"]`).waitFor({ timeout });
  const workers = () => page.locator('[data-workers]').innerText();
  const shownAge = async () =>
    Number.parseInt(await page.locator('[data-seen]').first().innerText(), 10);

  it('A9 says since when it is old while the instance is frozen, and lets the workers’ ages go on', async () => {
    await page.goto(url + PATH);
    await state('live');
    await page.locator('[data-worker]').first().waitFor();
    expect(await workers()).toBe('1 worker, all well');

    process.kill(instance.pid, 'SIGSTOP');
    try {
      const frozenAt = Date.now();
      await state('old', 15_000);
      // Five seconds without an event, and a little for a busy machine.
      expect(Date.now() - frozenAt).toBeLessThan(12_000);
      expect(await status()).toMatch(/^old since \d\d:\d\d:\d\d/);
      expect(await workers()).not.toContain('all well');
      const age = await shownAge();
      await expect.poll(shownAge, { timeout: 20_000 }).toBeGreaterThan(age + 2);
      await expect.poll(workers, { timeout: 30_000 }).toBe('1 of 1 workers need a look');
      expect(await page.locator('[data-worker] td').first().innerText()).toMatch(/ s ago, silent$/);
      await expect.poll(status, { timeout: 20_000 }).toContain('the server does not answer');
    } finally {
      process.kill(instance.pid, 'SIGCONT');
    }
    await state('live');
    await expect.poll(workers, { timeout: 20_000 }).toBe('1 worker, all well');
  });

  it('A9 notices that a proxy keeps events back and lets them go in bunches', async () => {
    const proxy = await startBufferingProxy(url, 8_000);
    await page.goto(proxy.url + PATH);
    await state('late', 40_000);
    expect(await status()).toMatch(/^up to \d+ s late: something between this page and the server/);
    await expect
      .poll(status, { timeout: 20_000 })
      .toMatch(/^old since \d\d:\d\d:\d\d: something between this page and the server/);
    proxy.letThrough();
    await page.goto(proxy.url + PATH);
    await state('live');
  });

  it('A9 notices a proxy that lets nothing of a stream through', async () => {
    const proxy = await startBufferingProxy(url, 3_600_000);
    await page.goto(proxy.url + PATH);
    await expect
      .poll(status, { timeout: 30_000 })
      .toMatch(/^old since \d\d:\d\d:\d\d: something between this page and the server/);
  });

  it('A9 says that the session is over, and does not try again', async () => {
    await page.goto(url + PATH);
    await state('live');
    const other = await page.context().newPage();
    await other.goto(`${url}/ops`);
    await other.getByRole('button', { name: 'Sign out' }).click();
    await state('ended');
    expect(await status()).toMatch(
      /^signed out: these figures are old since \d\d:\d\d:\d\d\s+Sign in$/,
    );
    const asked: string[] = [];
    page.on('request', (one) => asked.push(one.url()));
    await expect.poll(shownAge, { timeout: 20_000 }).toBeGreaterThan(8);
    expect(asked).toEqual([]);
    expect(await status()).toMatch(/^signed out/);
  });
});

interface BufferingProxy {
  url: string;
  /** From now on it keeps nothing back. */
  letThrough(): void;
}

/** Passes everything on at once, but what an event stream holds only every `everyMs`. */
async function startBufferingProxy(target: string, everyMs: number): Promise<BufferingProxy> {
  let buffers = true;
  const pass = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const { method, headers, url = '/' } = incoming;
    const onward = request(new URL(url, target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      const isStream = answer.headers['content-type']?.startsWith('text/event-stream') ?? false;
      if (!isStream || !buffers) {
        answer.pipe(outgoing);
        return;
      }
      let kept: Buffer[] = [];
      const timer = setInterval(() => {
        if (kept.length > 0) outgoing.write(Buffer.concat(kept));
        kept = [];
      }, everyMs);
      answer.on('data', (chunk: Buffer) => kept.push(chunk));
      answer.on('close', () => {
        clearInterval(timer);
        outgoing.destroy();
      });
      outgoing.on('close', () => answer.destroy());
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  };
  const server = createServer(pass);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    letThrough: () => {
      buffers = false;
    },
  };
}
