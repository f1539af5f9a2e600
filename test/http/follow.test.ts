import { beforeAll, expect, it } from 'vitest';
import type { PublicCampaign } from '../../src/actions/campaign/show-campaign.ts';
import { showCampaign } from '../../src/actions/campaign/show-campaign.ts';
import { createFollower, type FollowState } from '../../src/http/follow.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

/** Seconds until a browser without scripts loads the page again. */
function refreshOf(html: string): number | null {
  const found = /<noscript><meta http-equiv="refresh" content="(\d+)"/.exec(html)?.[1];
  return found === undefined ? null : Number(found);
}

const attribute = (html: string, name: string): string | undefined =>
  new RegExp(`<main[^>]* data-${name}="([^"]*)"`).exec(html)?.[1];

needs('postgres')('an open page that keeps up with its campaign', () => {
  let stage: TestStage;
  beforeAll(async () => {
    stage = await startStage();
  });

  const read = async (url: string): Promise<string> => (await plainBrowser().get(url)).html;
  const stateOf = async ({ url }: OpenedCampaign) =>
    (await (await fetch(`${url}/state`)).json()) as FollowState;

  it('A10 asks for one small answer that everybody gets and anything in between may keep', async () => {
    const campaign = await stage.open();
    const answer = await fetch(`${campaign.url}/state`);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'date',
    });
    expect(answer.headers.get('cache-control')).toMatch(/^public, max-age=1\b/);
    expect(answer.headers.get('set-cookie')).toBeNull();
    const held = { 'if-none-match': answer.headers.get('etag') ?? '' };
    expect((await fetch(`${campaign.url}/state`, { headers: held })).status).toBe(304);
    const text = await answer.text();
    expect(text.length).toBeLessThan(200);
    expect(JSON.parse(text)).toEqual({
      state: 'open',
      version: expect.any(String),
      every: 300,
      spread: 5,
    });
    expect((await fetch(`${stage.url}/c/nowhere/state`)).status).toBe(404);
  });

  it('A10 says with page, widget and receipt where to ask, and loads none again long before the moment', async () => {
    const campaign = await stage.open({ inMs: 2 * 3_600_000 });
    const receipt = await plainBrowser().join(campaign.url, 'follow_early');
    const { version } = await stateOf(campaign);
    for (const html of [await read(campaign.url), await read(`${campaign.url}/widget`)]) {
      expect(attribute(html, 'follow')).toBe(`/c/${campaign.slug}/state`);
      expect(attribute(html, 'version')).toBe(version);
      expect(attribute(html, 'changes')).toContain(campaign.moment.toISOString());
      expect(refreshOf(html)).toBeNull();
    }
    // A receipt's address is secret, and what it asks for names nobody.
    expect(attribute(receipt.html, 'follow')).toBe(`/c/${campaign.slug}/state`);
    expect(receipt.html).toMatch(/<main[^>]* data-own/);
    expect(refreshOf(receipt.html)).toBeNull();
  });

  it('A10 shows the result to a browser without scripts that has been left alone since before the moment', async () => {
    const opened = await stage.open();
    const joined = await plainBrowser().join(opened.url, 'follow_burst');
    const campaign = await stage.bringForward(opened, 6_000);
    // Not later than some seconds after the moment.
    await waitFor(async () => {
      const seconds = refreshOf(await read(campaign.url));
      return seconds !== null && seconds <= 20;
    });
    const followed = async (url: string, isDone: (html: string) => boolean): Promise<string> => {
      let html = await read(url);
      const until = Date.now() + 90_000;
      while (!isDone(html) && Date.now() < until) {
        const seconds = refreshOf(html);
        if (seconds === null) throw new Error(`${url} is not loaded again`);
        await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
        html = await read(url);
      }
      return html;
    };
    const [page, widget, receipt] = await Promise.all([
      followed(campaign.url, (html) => html.includes('data-state="settled"')),
      followed(`${campaign.url}/widget?lang=en`, (html) => html.includes('data-state="settled"')),
      followed(joined.url, (html) => html.includes('data-state="posted"')),
    ]);
    expect(page).toContain('headline-figure">1<');
    // Counts are rounded there.
    expect(widget).toContain('It has happened');
    expect(receipt).toContain('data-state="posted"');
    for (const html of [page, widget, receipt]) expect(refreshOf(html)).toBeNull();
    await waitFor(async () => attribute(await read(campaign.url), 'follow') === undefined);
    expect(attribute(await read(joined.url), 'follow')).toBeUndefined();
  });

  it('A10 has another version when joining has closed, and with the result', async () => {
    const opened = await stage.open();
    await plainBrowser().join(opened.url, 'follow_version');
    const seen = new Map<string, string>();
    seen.set('open', (await stateOf(opened)).version);
    const campaign = await stage.bringForward(opened, 6_000);
    await waitFor(
      async () => {
        const { state, version, every } = await stateOf(campaign);
        if (!seen.has(state)) seen.set(state, version);
        if (state === 'firing') expect(every).toBe(5);
        return state === 'settled';
      },
      { timeoutMs: 60_000 },
    );
    expect(seen.size).toBeGreaterThanOrEqual(3);
    expect(new Set(seen.values()).size).toBe(seen.size);
    await waitFor(async () => {
      const { version } = await stateOf(campaign);
      const html = await read(campaign.url);
      return attribute(html, 'version') === version || attribute(html, 'follow') === undefined;
    });
  });

  it('A10 asks less often the more pages are open', async () => {
    const campaign = await stage.open();
    const { ctx } = stage.instance;
    const shown = await showCampaign(ctx, { slug: campaign.slug, textLocale: () => 'en' });
    const firing: PublicCampaign = { ...shown, state: 'firing' };
    let now = 0;
    const follower = createFollower(ctx, () => now);
    /** As many pages ask for ten seconds, as often as they were told to. */
    const play = (pages: number, showing: PublicCampaign) => {
      const { every } = follower.stateOf(showing);
      for (let i = 0; i < (pages * 10) / every; i++) follower.asked(campaign.slug);
      now += 10_000;
      return follower.stateOf(showing);
    };
    expect(play(100, shown)).toMatchObject({ every: 300, spread: 5 });
    // They are counted while they ask seldom, so that they are spread from the first second of the burst.
    expect(play(15_000, shown)).toMatchObject({ every: 300, spread: 30 });
    expect(follower.stateOf(firing)).toMatchObject({ every: 30, spread: 30 });
    for (let i = 0; i < 5; i++) expect(play(15_000, firing).every).toBe(30);
    expect(play(10_000_000, firing).every).toBe(60);
    expect(play(100, firing).every).toBe(5);
  });
});
