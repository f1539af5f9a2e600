import { beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { createContext } from '../../src/context.ts';
import { createLogger } from '../../src/log.ts';
import { migrateAt } from '../../src/store/connection/database.ts';
import { bringForward } from '../support/bring-forward.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs, testDatabase } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { startNetwork } from '../support/network.ts';
import { type Child, startProcess } from '../support/process.ts';
import { networkEnvironment } from '../support/stage.ts';
import { tempFolder } from '../support/temp.ts';
import { arrive, openBrowser } from './visitor.ts';

const SUPPORTERS = ['ada', 'bruno', 'chiara', 'dmitri', 'elif'];

needs('postgres', 'chromium')('the delivery page in a browser', () => {
  let environment: Record<string, string>;
  beforeAll(async () => {
    const [network, database] = await Promise.all([startNetwork(), testDatabase(migrateAt)]);
    environment = {
      DATA_DIR: await tempFolder('browser'),
      DATABASE_URL: database.url,
      PORT: String(await freePort()),
      LOG_LEVEL: 'error',
      SOLE_OPERATOR: 'true',
      LOCK_LEAD_SECONDS: '3',
      ARM_LEAD_SECONDS: '2',
      ...networkEnvironment(network.url),
    };
  });

  async function startInstance(): Promise<{ child: Child; url: string }> {
    const child = await startProcess({ args: ['src/main.ts'], env: environment });
    const ready = await child.line(/Tocsin is ready at (http:\S+)/);
    return { child, url: ready[1] ?? '' };
  }

  /** Moves the moment of the one campaign, once everybody has joined, however long that took. */
  async function bringNear(): Promise<void> {
    const stopping = new AbortController();
    const config = loadConfig(environment);
    const ctx = await createContext(config, createLogger(config), stopping.signal, {
      besideInstance: true,
    });
    const [campaign] = await ctx.db.selectFrom('campaign').select(['id', 'moment']).execute();
    if (!campaign) throw new Error('There is no campaign');
    await bringForward(ctx, campaign, 6_000);
    await ctx.dispose();
  }

  it('is lived through by an operator: sign in, approve, watch, lose the instance, find it again', async () => {
    const { child, url } = await startInstance();
    const link = /http:\S+\/ops\/sign-in\/\S+/.exec(child.stdout())?.[0] ?? '';
    const { page, complaints, origins } = await arrive(await openBrowser());
    await page.goto(`${url}/ops`);
    expect(await page.locator('h1').innerText()).toBe('Operators only');
    // That a page for operators answered 401 is on the console, as it should be.
    complaints.length = 0;
    await page.goto(link);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${url}/ops`);

    const file = 'config/campaigns/reference.yaml';
    const created = await startProcess({
      args: ['src/cli/main.ts', 'campaign', 'create', file, '--in', '1h'],
      env: environment,
    });
    expect(await created.exit).toEqual({ code: 0, signal: null });
    await page.reload();
    await page.getByRole('button', { name: /^Approve/ }).click();
    await page.locator('[data-campaign-state="open"]').waitFor();
    for (const handle of SUPPORTERS) await plainBrowser().join(`${url}/c/100-days`, handle);

    await page.getByRole('link', { name: '100 days of injustice in Chechnya' }).click();
    const live = page.locator('[data-live-state]');
    await page.locator('[data-live-state="live"]').waitFor();
    await page.locator(`[data-whole="${SUPPORTERS.length}"]`).waitFor();
    expect(await page.locator('.tally').innerText()).toContain('pledged');
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    await bringNear();
    await page.locator('[data-figures-state="settled"]').waitFor({ timeout: 60_000 });
    const posted = page.locator('[data-total="posted"]');
    expect(await posted.innerText()).toBe(String(SUPPORTERS.length));
    expect(await page.locator('.chart-bar').count()).toBeGreaterThan(0);
    expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
    expect(complaints).toEqual([]);
    expect([...origins]).toEqual([url]);

    await child.stop();
    await page.locator('[data-live-state="lost"]').waitFor();
    expect(await live.innerText()).toMatch(
      /^connection lost: these figures are old since \d\d:\d\d:\d\d$/,
    );
    await startInstance();
    await page.locator('[data-live-state="live"]').waitFor({ timeout: 30_000 });
    expect(await posted.innerText()).toBe(String(SUPPORTERS.length));
  }, 120_000);
});
