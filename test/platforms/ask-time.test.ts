import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { type ConfiguredHosts, createNetworkTimeClient } from '../../src/outbound/ask-time.ts';
import { createNetworkClock } from '../../src/outbound/wire/network-clock.ts';
import { atEnd } from '../support/at-end.ts';

/** A server that counts what it is asked; `date`: what it says of the time, null for nothing, 'never' for no answer at all. */
async function serverThat(date: string | null | 'never') {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    if (date === 'never') return;
    response.sendDate = false;
    response.writeHead(404, date === null ? {} : { date });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
  };
}

function askerOf(servers: Record<string, { url: string }>) {
  const entries = Object.entries(servers).map(([name, { url }]): [string, ConfiguredHosts] => [
    name,
    { urls: [url], isAlwaysAsked: name !== 'bluesky' },
  ]);
  const clock = createNetworkClock(Object.values(servers).map(({ url }) => url));
  const asker = createNetworkTimeClient(new Map(entries), clock);
  atEnd(() => asker.dispose());
  return { asker, clock };
}

const NOW = () => new Date().toUTCString();

it('A2 asks the networks that a step is about for their time, and waits for the first that tells it', async () => {
  const [x, threads, bluesky] = [
    await serverThat(NOW()),
    await serverThat('never'),
    await serverThat(NOW()),
  ];
  const { asker, clock } = askerOf({ x, threads, bluesky });
  expect(await asker.askFirst(['mastodon'])).toBe(true);
  expect(clock.opinion().configured).not.toBeNull();
  expect([x.asked(), threads.asked(), bluesky.asked()]).toEqual([1, 1, 0]);
  // One has told its time: nobody is asked again.
  expect(await asker.askFirst(['x', 'threads', 'bluesky'])).toBe(false);
  expect([x.asked(), bluesky.asked()]).toEqual([1, 0]);
});

it.each([null, 'yesterday', 'Tue, 31 Feb 2026 25:61:61 GMT', '0', '2026-12-01T05:00:00Z'])(
  'A2 goes on without the word of a network whose Date is %s, and asks it no more for a minute',
  async (date) => {
    const x = await serverThat(date);
    const { asker, clock } = askerOf({ x });
    await Promise.all(Array.from({ length: 50 }, () => asker.askFirst(['x'])));
    await asker.askFirst(['x']);
    expect(clock.opinion().configured).toBeNull();
    expect(x.asked()).toBe(1);
  },
);

it('A2 asks for a second opinion those that have not told their time, once, and nobody else', async () => {
  const [x, threads, silent] = [
    await serverThat(NOW()),
    await serverThat(NOW()),
    await serverThat(null),
  ];
  const [relay, otherRelay, bluesky] = [
    await serverThat(NOW()),
    await serverThat(NOW()),
    await serverThat(NOW()),
  ];
  const clock = createNetworkClock(
    [x, threads, silent, relay, otherRelay, bluesky].map(({ url }) => url),
  );
  const asker = createNetworkTimeClient(
    new Map<string, ConfiguredHosts>([
      ['x', { urls: [x.url], isAlwaysAsked: true }],
      ['TIME_URLS', { urls: [threads.url, silent.url], isAlwaysAsked: true }],
      ['nostr', { urls: [relay.url, otherRelay.url], isAlwaysAsked: false }],
      ['bluesky', { urls: [bluesky.url], isAlwaysAsked: false }],
    ]),
    clock,
  );
  atEnd(() => asker.dispose());
  for (const { url } of [x, relay]) {
    clock.observe(url, { date: NOW() }, performance.now(), performance.now());
  }
  expect(await asker.askOthers()).toBe(true);
  expect(clock.opinion().configured?.hosts).toHaveLength(4);
  expect(await asker.askOthers()).toBe(false);
  const asked = [x, threads, silent, relay, otherRelay, bluesky].map((server) => server.asked());
  expect(asked).toEqual([0, 1, 1, 0, 1, 0]);
});

it('A2 asks nobody where only networks without an address of ours are concerned', async () => {
  const bluesky = await serverThat(NOW());
  const { asker } = askerOf({ bluesky });
  expect(await asker.askFirst(['mastodon', 'nostr'])).toBe(false);
  expect(bluesky.asked()).toBe(0);
  expect(await asker.askFirst(['bluesky'])).toBe(true);
  expect(bluesky.asked()).toBe(1);
});
