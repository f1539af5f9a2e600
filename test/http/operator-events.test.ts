import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { signOut } from '../../src/actions/operator/operator-access.ts';
import { notify } from '../../src/store/connection/database.ts';
import { type PlainBrowser, plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { type Events, openEvents } from './events.ts';
import { cookieHeader, signedIn } from './operator.ts';

const figuresIn = ({ seen }: Events) => seen.filter(({ event }) => event === 'figures');

needs('postgres')('the live figures', () => {
  let stage: TestStage;
  let operator: PlainBrowser;
  beforeAll(async () => {
    stage = await startStage();
    operator = await signedIn(stage);
  });

  const eventsOf = (slug: string, browser = operator) =>
    openEvents(`${stage.url}/ops/campaigns/${slug}/events`, cookieHeader(browser));

  // Again: the machine may stall for the seconds after which figures come without a change, too.
  it('come at once, and again when something has changed', { retry: 2 }, async () => {
    const quiet = await stage.open();
    const busy = await stage.open();
    const quietEvents = await eventsOf(quiet.slug);
    const busyEvents = await eventsOf(busy.slug);
    for (const events of [quietEvents, busyEvents]) {
      expect(events.status).toBe(200);
      expect(events.headers.get('content-type')).toMatch(/^text\/event-stream/);
      expect(events.headers.get('content-security-policy')).toContain("default-src 'none'");
      await waitFor(() => events.seen.length === 1, { what: 'the first figures' });
      expect(events.seen[0]?.event).toBe('figures');
    }
    expect(busyEvents.seen[0]?.data).toContain('data-pledges="0"');
    await plainBrowser().join(busy.url, 'busy_bee');
    // Until the stream waits for changes, or the test would ask less of it.
    await sleep(1_000);
    await notify(stage.instance.ctx.db, 'delivery', busy.id);
    await waitFor(() => figuresIn(busyEvents).length > 1, { what: 'the changed figures' });
    expect(figuresIn(busyEvents).at(-1)?.data).toContain('data-pledges="1"');
    // Not because time has passed: of the other campaign, which was opened first, no figures have come since.
    expect(figuresIn(quietEvents)).toHaveLength(1);
    quietEvents.close();
    busyEvents.close();
  });

  it('are no answer to somebody who wants JSON, or asks for a campaign that is not there', async () => {
    const campaign = await stage.open();
    const cookie = cookieHeader(operator);
    const url = `${stage.url}/ops/campaigns/${campaign.slug}/events`;
    const json = await fetch(url, { headers: { cookie, accept: 'application/json' } });
    expect(json.status).toBe(406);
    const missing = await fetch(`${stage.url}/ops/campaigns/nowhere/events`, {
      headers: { cookie, accept: 'text/event-stream' },
    });
    expect(missing.status).toBe(404);
    const stranger = await fetch(url, { headers: { accept: 'text/event-stream' } });
    expect(stranger.status).toBe(401);
    expect(stranger.headers.get('content-type')).toMatch(/^text\/html/);
  });

  it('end when the operator signs out', async () => {
    const campaign = await stage.open();
    const leaving = await signedIn(stage, 'Omar');
    const events = await eventsOf(campaign.slug, leaving);
    await waitFor(() => events.seen.length === 1);
    const session = leaving.cookies.get('tocsin_session') ?? '';
    await signOut(stage.instance.ctx, { session });
    await notify(stage.instance.ctx.db, 'delivery', campaign.id);
    await waitFor(() => events.ended, { what: 'the end of the stream' });
    expect(figuresIn(events)).toHaveLength(1);
    expect(events.seen.at(-1)).toMatchObject({ event: 'end', data: 'session' });
  });

  it('A9 say within seconds that there is nothing new, each event with the time it was sent', async () => {
    const campaign = await stage.open();
    const began = Date.now();
    const events = await eventsOf(campaign.slug);
    await waitFor(() => events.seen.filter(({ event }) => event === 'tick').length > 1, {
      what: 'two ticks',
    });
    for (const { id, event, data } of events.seen) {
      expect(Number(id)).toBeGreaterThan(began - 5_000);
      expect(Number(id)).toBeLessThan(Date.now() + 5_000);
      if (event === 'tick') expect(data).toMatch(/^\d\d:\d\d:\d\d$/);
    }
    events.close();
  });

  it('A9 end with the session by themselves, though nothing changes', async () => {
    const campaign = await stage.open();
    const leaving = await signedIn(stage, 'Olga');
    const events = await eventsOf(campaign.slug, leaving);
    await waitFor(() => events.seen.length === 1);
    await signOut(stage.instance.ctx, { session: leaving.cookies.get('tocsin_session') ?? '' });
    await waitFor(() => events.ended, { what: 'the end of the stream' });
    expect(events.seen.at(-1)).toMatchObject({ event: 'end', data: 'session' });
  });
});
