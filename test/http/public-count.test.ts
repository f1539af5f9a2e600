import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { countJoined } from '../../src/actions/campaign/count-joined.ts';
import { findPublicCampaign } from '../../src/actions/campaign/find-campaign.ts';
import type { Context } from '../../src/context.ts';
import { COUNT_PERIOD_MS } from '../../src/domain/public-count.ts';
import { createChance } from '../chaos/chance.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { insertPledges } from '../support/rows.ts';
import { startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

needs('postgres')('the public count of those who have joined', () => {
  let stage: TestStage;
  beforeAll(async () => {
    stage = await startStage();
  });

  /** The same records at another time. */
  const contextAt = (now: number): Context => {
    const { ctx } = stage.instance;
    return { ...ctx, clock: { ...ctx.clock, now: () => now } };
  };

  it('P4 is the same at every door, and none shows who joined since it was published', async () => {
    const campaign = await stage.open({ inMs: 10 * DAY_MS });
    const now = Date.now();
    const { ctx } = stage.instance;
    await insertPledges(ctx, campaign.id, 20, {
      consentedAt: () => new Date(now - COUNT_PERIOD_MS),
    });
    // Whenever the next count is published, this is after the last one.
    await insertPledges(ctx, campaign.id, 10, { consentedAt: () => new Date(now + 5 * MINUTE_MS) });
    const browser = plainBrowser();
    const doors = ['', '/widget?lang=en', '/share?lang=en'];
    const said = async (door: string) => (await browser.get(campaign.url + door)).html;
    for (const door of doors) {
      const html = await said(door);
      expect(html, door).toMatch(/20 people have joined/);
      expect(html, door).not.toMatch(/30 people/);
    }
    const record = await findPublicCampaign(ctx, { slug: campaign.slug });
    expect(await countJoined(ctx, record)).toBe(20);
    expect(await countJoined(contextAt(now + 5 * MINUTE_MS + COUNT_PERIOD_MS), record)).toBe(30);
  });

  it('P4 is whole once joining has closed', async () => {
    const campaign = await stage.open({ inMs: 10 * DAY_MS });
    await insertPledges(stage.instance.ctx, campaign.id, 30);
    const html = async () => (await plainBrowser().get(campaign.url)).html;
    expect(await html()).not.toContain('30 people have joined');
    await sql`update campaign set lock_at = clock_timestamp() where id = ${campaign.id}`.execute(
      stage.instance.ctx.db,
    );
    await waitFor(async () => (await html()).includes('data-state="locked"'), {
      timeoutMs: 60_000,
    });
    expect(await html()).toContain('30 people have joined');
  });

  it('P4 a watcher of 1,000 joins, each beside somebody who only looked, guesses no better than a coin', async () => {
    const JOINS = 1_000;
    const chance = createChance(4, 'watched joins');
    const from = Date.now() - 11 * DAY_MS;
    const joins = Array.from({ length: JOINS }, () =>
      Math.floor(from + chance.between(0, 10) * DAY_MS),
    );
    const campaign = await stage.open({ inMs: 10 * DAY_MS });
    await insertPledges(stage.instance.ctx, campaign.id, JOINS, {
      consentedAt: (index) => new Date(joins[index] ?? 0),
      credential: null,
    });
    const record = await findPublicCampaign(stage.instance.ctx, { slug: campaign.slug });
    const shownAt = (time: number) => countJoined(contextAt(time), record);
    /** Whether the counter moved on while somebody was there, who was seen for a minute. */
    const moved = async (seen: number) =>
      (await shownAt(seen - 1)) !== (await shownAt(seen + MINUTE_MS));
    let right = 0;
    let moves = 0;
    for (const join of joins) {
      const elsewhere = join + chance.between(-20, 20) * MINUTE_MS;
      const [whoJoined, whoLooked] = [await moved(join), await moved(elsewhere)];
      moves += Number(whoJoined) + Number(whoLooked);
      right += whoJoined === whoLooked ? 0.5 : Number(whoJoined);
    }
    expect(await shownAt(Date.now())).toBe(JOINS);
    expect(moves).toBeGreaterThan(0);
    expect(right / JOINS - 0.5).toBeLessThanOrEqual(0.01);
  });
});
