import { describe, expect, test } from 'vitest';
import { DELIVERY_STATES } from '../../src/domain/delivery.ts';
import { deliveryFigures, deliveryPage } from '../../src/web/index.ts';
import type { HoldView } from '../../src/web/views/health.ts';
import { burst, deliveryView, figures, HOLDS } from './operator-samples.ts';
import { MOMENT } from './sample-words.ts';

function values(html: string, attribute: string): Record<string, number> {
  const pattern = new RegExp(`${attribute}="([a-z0-9]+)" data-value="([0-9.]+)"`, 'g');
  return Object.fromEntries([...html.matchAll(pattern)].map(([, key, n]) => [key, Number(n)]));
}

describe('the delivery page', () => {
  test('shows every state, and they add up', () => {
    const totals = values(deliveryFigures(figures(), MOMENT), 'data-total');
    expect(totals).toEqual(figures().totals);
    expect(Object.keys(totals)).toHaveLength(DELIVERY_STATES.length);
    const sum = Object.values(totals).reduce((a, b) => a + b);
    expect(deliveryFigures(figures(), MOMENT)).toContain(`data-whole="${sum}"`);
  });

  test('shows lateness, and a dash before the first post', () => {
    const html = deliveryFigures(figures(), MOMENT);
    expect(values(html, 'data-lateness')).toEqual(figures().lateness);
    const before = deliveryFigures(figures({ lateness: null, curve: [] }), MOMENT);
    expect(before).toMatch(/data-lateness="p99"[^>]*>–</);
    expect(before).toContain('Nothing has been sent yet.');
  });

  test('B7 says of a hold that ends by itself no more than is true of every such hold', () => {
    const hold = { ...HOLDS[0], kind: 'throttled', scope: 'platform', subject: 'X' } as HoldView;
    const until = '2027-07-10T08:01:00.000Z';
    const html = deliveryFigures(figures({ holds: [{ ...hold, until }] }), MOMENT);
    expect(html).toContain('X is left alone');
    expect(html).not.toContain('wants to be');
  });

  test('embeds just the fragment that the stream sends', () => {
    const view = deliveryView();
    expect(deliveryPage(view)).toContain(
      `data-events-url="${view.eventsUrl}">${deliveryFigures(view.figures, view.moment)}</div>`,
    );
  });

  test('sends a fragment that fits one line of an event', () => {
    expect(deliveryFigures(figures(), MOMENT)).not.toMatch(/[\r\n]/);
  });

  test('draws the burst and says the same in a table', () => {
    const html = deliveryFigures(figures(), MOMENT);
    const bars = burst(9_712);
    expect(html.match(/class="chart-bar"/g)).toHaveLength(bars.length);
    const cells = [...html.matchAll(/<td>([\d,]+)<\/td><\/tr>/g)].map(([, n]) =>
      Number(n?.replaceAll(',', '')),
    );
    expect(cells.slice(0, bars.length)).toEqual(bars.map((bar) => bar.posts));
  });

  test('warns of a clock that is off, of silence and of no worker at all', () => {
    const html = deliveryFigures(figures(), MOMENT);
    expect(html).toContain('clock is off');
    expect(html).toContain('41 s ago, silent');
    expect(html).toContain('2 of 3 workers need a look');
    const exact = [{ name: 'a', seenSecondsAgo: 1, clockOffsetMs: -100 }];
    expect(deliveryFigures(figures({ workers: exact }), MOMENT)).toContain('1 worker, all well');
    expect(deliveryFigures(figures({ workers: [] }), MOMENT)).toContain('Nothing will be sent');
  });

  test('says in words whether it is live', () => {
    expect(deliveryPage(deliveryView())).toMatch(/role="status" data-live-state="off"/);
  });

  test('says what is held, by whom, since when and what to do, in the live fragment', () => {
    const html = deliveryFigures(figures({ holds: HOLDS }), MOMENT);
    expect(html.match(/data-hold="/g)).toHaveLength(HOLDS.length);
    expect(html).toContain('Paused: the whole instance');
    expect(html).toContain('By Vera, since <time datetime="2027-07-10T08:00:00.700Z">');
    expect(html).toContain('the text has a wrong link');
    expect(html).toContain('Stopped by Tocsin: X');
    expect(html).toContain('Then resume it');
    expect(html).toContain('until <time datetime="2027-07-10T08:15:00Z">');
    expect(html).toContain('action="/ops/instance/release"');
    // The buttons for wider holds are on the operators' home.
    expect(html.match(/href="\/ops#stop"/g)).toHaveLength(2);
    expect(deliveryFigures(figures(), MOMENT)).not.toContain('data-hold');
  });

  test('has buttons that are plain forms, and an abort that asks for the slug', () => {
    const html = deliveryPage(deliveryView());
    for (const verb of ['pause', 'resume', 'abort']) {
      expect(html).toContain(`method="post" action="/ops/campaigns/chechnya-100/${verb}"`);
    }
    expect(html).toMatch(/<input[^>]* name="confirm"[^>]* required/);
    const over = deliveryPage({ ...deliveryView(), stop: null, problem: 'There is nothing to do' });
    expect(over).not.toContain('/abort');
    expect(over).toMatch(/role="alert">There is nothing to do/);
  });
});
