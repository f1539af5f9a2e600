import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { atEnd } from '../support/at-end.ts';
import { unescapeHtml } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { firstOf } from '../support/tier.ts';
import { arrive, openBrowser } from './visitor.ts';

needs('postgres', 'chromium')('the widget', () => {
  let stage: TestStage;
  let campaign: OpenedCampaign;
  let browser: Browser;
  /** Another site, whose page is what was set last. */
  let host: string;
  let page = '';

  beforeAll(async () => {
    stage = await startStage({ queue: 'postgres' });
    campaign = await stage.open();
    browser = await openBrowser();
    const server: Server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(page);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    atEnd(() => new Promise<void>((resolve) => server.close(() => resolve())));
    // Not the host of the instance, so that the widget is a stranger there.
    host = `http://elsewhere.localhost:${(server.address() as AddressInfo).port}/`;
  });

  async function codeOf(lang = 'en'): Promise<string> {
    const html = await (await fetch(`${campaign.url}/share?lang=${lang}`)).text();
    const code = unescapeHtml(/<code>([\s\S]+?)<\/code>/.exec(html)?.[1] ?? '');
    expect(code).toMatch(/^<iframe [^>]+><\/iframe>$/);
    return code;
  }

  const around = (code: string, more = '') =>
    `<!doctype html><title>A site</title><style>body{margin:0}</style>${code}${more}`;

  it('stands on another site without a script of its own', async () => {
    page = around(await codeOf());
    const {
      page: visit,
      complaints,
      origins,
    } = await arrive(browser, { viewport: { width: 360, height: 700 } });
    await visit.goto(host);
    const frame = visit.frameLocator('iframe');
    await frame.getByRole('heading', { level: 1 }).waitFor();
    expect(await frame.locator('main').innerText()).toContain('Lend your post');
    expect(complaints).toEqual([]);
    expect([...origins].sort()).toEqual([new URL(host).origin, new URL(stage.url).origin].sort());
  });

  it('opens the campaign in a window of its own', async () => {
    page = around(await codeOf());
    const context = await browser.newContext();
    atEnd(() => context.close());
    const visit = await context.newPage();
    await visit.goto(host);
    const [opened] = await Promise.all([
      context.waitForEvent('page'),
      visit.frameLocator('iframe').getByRole('link').click(),
    ]);
    await opened.waitForURL(`${campaign.url}?lang=en`);
    expect(new URL(visit.url()).origin).toBe(new URL(host).origin);
  });

  it('tells its height, and nothing else', async () => {
    const listen = `<script>window.told=[];addEventListener('message',(e)=>{told.push(e.data);
      document.querySelector('iframe').height=e.data.height})</script>`;
    page = around(await codeOf('ru'), listen);
    const { page: visit } = await arrive(browser, { viewport: { width: 320, height: 900 } });
    await visit.goto(host);
    await visit.waitForFunction('window.told.length > 0');
    const [first] = (await visit.evaluate('window.told')) as { type: string; height: number }[];
    expect(Object.keys(first ?? {}).sort()).toEqual(['height', 'type']);
    expect(first?.type).toBe('tocsin:height');
    const frame = visit.frames()[1];
    const inside = await frame?.evaluate(() => document.querySelector('main')?.offsetHeight);
    expect(first?.height).toBe(inside);
    // Narrower, it grows, and says so.
    await visit.setViewportSize({ width: 240, height: 900 });
    await visit.waitForFunction(`window.told.some(({ height }) => height > ${first?.height})`);
  });

  it.each(firstOf(['dark', 'light'], 1))(
    'is %s where the page around it asks for that',
    async (theme) => {
      page = around((await codeOf('ar')).replace('lang=ar', `lang=ar&amp;theme=${theme}`));
      const other = theme === 'dark' ? 'light' : 'dark';
      const { page: visit } = await arrive(browser, { colorScheme: other });
      await visit.goto(host);
      await visit.frameLocator('iframe').locator('main').waitFor();
      const frame = visit.frames()[1];
      const [red = 0] =
        ((await frame?.evaluate(() => getComputedStyle(document.body).backgroundColor)) ?? '')
          .match(/\d+/g)
          ?.map(Number) ?? [];
      expect(red > 128).toBe(theme === 'light');
      await frame?.evaluate(axe.source);
      const violations = await frame?.evaluate(async () => {
        const found = await window.axe.run({ resultTypes: ['violations'] });
        return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`);
      });
      expect(violations).toEqual([]);
      const wide = await frame?.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide).toBeLessThanOrEqual(0);
    },
  );

  it('is whole in a sandbox, too', async () => {
    page = around(
      (await codeOf()).replace('<iframe', '<iframe sandbox="allow-scripts allow-popups"'),
    );
    const { page: visit, complaints } = await arrive(browser);
    await visit.goto(host);
    const button = visit.frameLocator('iframe').getByRole('link');
    await button.waitFor();
    const face = await button.evaluate(async (link) => {
      await document.fonts.ready;
      const { backgroundColor } = getComputedStyle(link);
      return [backgroundColor, [...document.fonts].some(({ status }) => status === 'loaded')];
    });
    expect(face).toEqual(['rgb(208, 32, 12)', true]);
    expect(complaints).toEqual([]);
  });

  it('copies the link and the code on the page for passing it on', async () => {
    const { page: visit, complaints, origins } = await arrive(browser);
    await visit.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await visit.goto(`${campaign.url}/share?lang=en`);
    await visit.getByRole('button', { name: 'Copy the code' }).click();
    await visit.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await visit.evaluate(() => navigator.clipboard.readText())).toBe(await codeOf());
    await visit.getByRole('button', { name: 'Copy the link' }).click();
    await visit.waitForFunction(async () =>
      /\/s\/[a-z]{6}$/.test(await navigator.clipboard.readText()),
    );
    await visit.frameLocator('iframe').getByRole('heading', { level: 1 }).waitFor();
    expect(complaints).toEqual([]);
    expect([...origins]).toEqual([new URL(stage.url).origin]);
  });
});
