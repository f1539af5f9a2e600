import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { allRoutes } from '../../src/http/routes.ts';
import { askRaw } from '../bench/weight.ts';
import { giveBack, needs, takeAway } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { cookieHeader, signedIn } from './operator.ts';

/** Addresses that may be answered from memory. Whoever adds one has made sure that nothing of whoever asks is in the answer. */
const PUBLIC_ADDRESSES =
  /^\/$|^\/assets\/\*$|^\/c\/:slug$|^\/c\/:slug\/(card|widget|share|state|oembed|picture)|^\/(oembed|s)\b/;

needs('postgres')('a public page', () => {
  let stage: TestStage;
  let campaign: OpenedCampaign;
  beforeAll(async () => {
    stage = await startStage();
    // Two hours ahead: nearer to its moment a page says when it is to be loaded again, which changes by itself.
    campaign = await stage.open({ inMs: 2 * 3_600_000 });
  });

  const get = (headers: Record<string, string> = {}): Promise<Response> =>
    fetch(campaign.url, { headers });
  const stateOf = async (): Promise<string | undefined> =>
    /<main[^>]*data-state="([a-z_]+)"/.exec(await (await get()).text())?.[1];

  it('comes compressed as the browser can read it, the same in every form', async () => {
    const plain = await askRaw(campaign.url, { encoding: 'identity' });
    const zipped = await askRaw(campaign.url, { encoding: 'gzip, deflate' });
    const brotlied = await askRaw(campaign.url, { encoding: 'gzip, deflate, br' });
    expect([plain, zipped, brotlied].map(({ encoding }) => encoding)).toEqual([null, 'gzip', 'br']);
    expect(gunzipSync(zipped.body)).toEqual(plain.body);
    expect(brotliDecompressSync(brotlied.body)).toEqual(plain.body);
    expect(zipped.body.length).toBeLessThan(plain.body.length / 2);
    const refused = await askRaw(campaign.url, { encoding: 'br;q=0, gzip;q=0' });
    expect(refused.encoding).toBeNull();
  });

  it('is not sent again to whoever has it', async () => {
    const first = await get();
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[\w-]+-(br|gzip)"$/);
    for (const held of [tag, `W/${tag}`, `"other", ${tag}`]) {
      const again = await get({ 'if-none-match': held });
      expect([again.status, await again.text()]).toEqual([304, '']);
      expect(again.headers.get('etag')).toBe(tag);
    }
    expect((await get({ 'if-none-match': '"other"' })).status).toBe(200);
    // Another language is another page.
    expect((await get({ 'if-none-match': tag, 'accept-language': 'ru' })).status).toBe(200);
  });

  it('may be kept by others for a second, each language for itself', async () => {
    for (const [language, url] of [
      ['ru', campaign.url],
      ['de', campaign.url],
      ['ar', `${campaign.url}?lang=ar`],
    ] as const) {
      const page = await fetch(url, { headers: { 'accept-language': language } });
      expect(page.headers.get('cache-control')).toMatch(/^public, max-age=1\b/);
      expect(page.headers.get('vary')).toBe('Accept-Encoding, Accept-Language');
      expect(await page.text()).toContain(`<html lang="${language}"`);
    }
  });

  it('is the same for everybody: no cookie is set, and none changes it', async () => {
    const anybody = await get();
    const operator = await get({ cookie: cookieHeader(await signedIn(stage)) });
    expect(operator.headers.get('set-cookie')).toBeNull();
    expect(await operator.text()).toBe(await anybody.text());
  });

  it('is the only kind that is kept', async () => {
    const kept = allRoutes(stage.instance.ctx).filter(({ config }) => config?.isPublic);
    expect(kept.map(({ url }) => url)).toEqual(expect.arrayContaining(['/', '/c/:slug']));
    for (const { url, method } of kept) {
      expect([url, method]).toEqual([expect.stringMatching(PUBLIC_ADDRESSES), 'GET']);
    }
  });

  it('takes its styles and scripts compressed, to be kept for ever', async () => {
    const html = await (await get()).text();
    const paths = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:css|js)[^"]*)"/g)];
    expect(paths.length).toBeGreaterThan(1);
    for (const [, path] of paths) {
      const asset = await fetch(stage.url + path);
      expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect((await askRaw(stage.url + path, { encoding: 'br' })).encoding).toBe('br');
    }
    expect((await fetch(`${stage.url}/assets/..%2fviews.ts`)).status).toBe(404);
  });

  it('shows within a second what has become of the campaign', async () => {
    expect(await stateOf()).toBe('open');
    await sql`update campaign set state = 'cancelled' where id = ${campaign.id}`.execute(
      stage.instance.ctx.db,
    );
    const changedAt = performance.now();
    let lastOpenMs = 0;
    let slowestMs = 0;
    await waitFor(async () => {
      const asked = performance.now();
      const state = await stateOf();
      slowestMs = Math.max(slowestMs, performance.now() - asked);
      if (state === 'open') lastOpenMs = asked - changedAt;
      return state === 'cancelled';
    });
    // What was being read when it changed may be shown for a second from then on.
    expect(lastOpenMs).toBeLessThan(1_000 + slowestMs);
  });

  it('is there while the database is not, and true again when it is back', async () => {
    const other = await stage.open();
    const page = () => fetch(other.url);
    const shown = await (await page()).text();
    expect(shown).toContain('role="timer"');
    const database = stage.instance.ctx.config.databaseUrl?.reveal() ?? '';
    await takeAway(database);
    const goneAt = performance.now();
    try {
      // Long enough that what was made before is not fresh any more.
      await waitFor(() => performance.now() - goneAt > 2_000, { timeoutMs: 3_000 });
      const answer = await page();
      expect([answer.status, await answer.text()]).toEqual([200, shown]);
    } finally {
      await giveBack(database);
    }
    await waitFor(async () => {
      await sql`update campaign set state = 'cancelled' where id = ${other.id}`.execute(
        stage.instance.ctx.db,
      );
      return true;
    });
    await waitFor(async () => (await (await page()).text()).includes('data-state="cancelled"'));
  });
});
