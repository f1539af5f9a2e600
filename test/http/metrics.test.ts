import { beforeAll, expect, it } from 'vitest';
import { pauseSending } from '../../src/actions/stop/pause-sending.ts';
import { VERSION } from '../../src/version.ts';
import { plainBrowser } from '../support/browser.ts';
import { giveBack, needs, takeAway } from '../support/database.ts';
import { startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { caller } from './api.ts';

const TOKEN = 'a-token-for-the-test-alone';
const PEOPLE = ['metric_anna', 'metric_boris', 'metric_chloe'];

needs('postgres', 'redis')('/metrics', () => {
  let stage: TestStage;
  beforeAll(async () => {
    stage = await startStage({ queue: 'redis', environment: { METRICS_TOKEN: TOKEN } });
  });

  async function scrape() {
    const answer = await caller(stage.url, `Bearer ${TOKEN}`).get('/metrics');
    expect(answer.status).toBe(200);
    return { ...answer, samples: samplesOf(answer.text) };
  }

  it('is for those who have the token', async () => {
    for (const authorization of [null, 'Bearer', 'Bearer ', `Bearer ${TOKEN}x`, `Basic ${TOKEN}`]) {
      const answer = await caller(stage.url, authorization).get('/metrics');
      expect([authorization, answer.status, answer.type]).toEqual([
        authorization,
        401,
        'application/problem+json; charset=utf-8',
      ]);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(answer.text).not.toContain('tocsin_');
    }
    const { type, headers, samples } = await scrape();
    expect(type).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(samples).toMatchObject({
      [`tocsin_info{version="${VERSION}"}`]: 1,
      tocsin_database_up: 1,
      tocsin_queue_up: 1,
      tocsin_overdue_seconds: 0,
    });
    expect(samples.process_resident_memory_bytes).toBeGreaterThan(10_000_000);
  });

  it('is nowhere without one', async () => {
    const other = await startStage();
    const answer = await caller(other.url, `Bearer ${TOKEN}`).get('/metrics');
    expect(answer.status).toBe(404);
  });

  it('has sums, and names nobody and no campaign', async () => {
    const { ctx } = stage.instance;
    const campaign = await stage.open();
    await stage.control.createAccounts({ accounts: PEOPLE.map((handle) => ({ handle })) });
    for (const handle of PEOPLE) await plainBrowser().join(campaign.url, handle);
    const before = await scrape();
    expect(before.samples).toMatchObject({
      'tocsin_campaigns{state="open"}': 1,
      tocsin_next_moment_timestamp_seconds: campaign.moment.getTime() / 1000,
      tocsin_workers: 1,
    });
    expect(Object.keys(before.samples).join()).not.toContain('tocsin_deliveries{');
    await waitFor(async () => {
      const { samples } = await scrape();
      return Object.keys(samples).some((name) => name.startsWith('tocsin_jobs{queue="campaign"'));
    });

    // Locked, and its moment long past, while nothing may be sent.
    await pauseSending(ctx, { scope: 'instance', subject: '', actor: 'Vera' });
    await stage.bringForward(campaign);
    const overdue = 'tocsin_step_overdue_seconds{step="fire"}';
    await waitFor(async () => ((await scrape()).samples[overdue] ?? 0) > 1, {
      timeoutMs: 30_000,
      what: 'posts to be overdue',
    });
    const { samples, text } = await scrape();
    expect(samples.tocsin_overdue_seconds).toBeGreaterThan(1);
    const owed = Object.entries(samples).filter(([name]) => name.startsWith('tocsin_deliveries{'));
    expect(owed.every(([name]) => name.includes('platform="x"'))).toBe(true);
    expect(owed.reduce((sum, [, count]) => sum + count, 0)).toBe(PEOPLE.length);
    expect(samples).toMatchObject({ 'tocsin_holds{scope="instance",kind="paused"}': 1 });
    expect(samples).not.toHaveProperty('tocsin_next_moment_timestamp_seconds');
    for (const secret of [...PEOPLE, campaign.slug, campaign.id, 'Vera']) {
      expect(text).not.toContain(secret);
    }
  }, 60_000);

  it('says that the database is away, and makes nothing up', async () => {
    const url = stage.instance.ctx.config.databaseUrl?.reveal() ?? '';
    await takeAway(url);
    try {
      const { samples } = await scrape();
      expect(samples).toMatchObject({ tocsin_database_up: 0, tocsin_queue_up: 1 });
      for (const name of ['tocsin_overdue_seconds', 'tocsin_workers']) {
        expect(samples).not.toHaveProperty([name]);
      }
      expect(Object.keys(samples).filter((name) => /^tocsin_(campaigns|holds)/.test(name))).toEqual(
        [],
      );
    } finally {
      await giveBack(url);
    }
    await waitFor(async () => (await scrape()).samples.tocsin_database_up === 1);
  });
});

/** The samples of Prometheus' text format, by name with labels. */
function samplesOf(text: string): Record<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}
