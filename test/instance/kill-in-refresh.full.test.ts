import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, expect, it } from 'vitest';
import { joinAs } from '../../src/demo/supporter.ts';
import { environmentFor, knownServer } from '../../src/simulator/client.ts';
import { connect, migrateAt } from '../../src/store/connection/database.ts';
import { atEnd } from '../support/at-end.ts';
import { repository } from '../support/child.ts';
import { needs, testDatabase } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { startNetwork } from '../support/network.ts';
import { startProcess } from '../support/process.ts';
import { tempFolder } from '../support/temp.ts';
import { waitFor } from '../support/wait-for.ts';
import { type RefreshPlayed, writeRefreshes } from './crash-page.ts';

/** How often everything is played, in every place on both; 0: once on each. */
const TIMES = Number(process.env.TIMES ?? 0);
/** The page that gets the table of it. */
const OUT = process.env.OUT ?? '';

const SUPPORTERS = 6;
/** Two that take each refresh token once. */
const PLATFORMS = ['x', 'bluesky'] as const;
/** The first refresh, one in the middle, the last. */
const PLACES = [1, 3, SUPPORTERS];

const cases: [platform: (typeof PLATFORMS)[number], nth: number][] =
  TIMES > 0
    ? Array.from({ length: TIMES }, () =>
        PLATFORMS.flatMap((platform) => PLACES.map((nth) => [platform, nth] as (typeof cases)[0])),
      ).flat()
    : [
        ['x', 1],
        ['bluesky', 3],
      ];

const played: RefreshPlayed[] = [];

needs('postgres')('a worker that is killed between a new pair and its keeping', () => {
  it.each(cases)(
    'on %s in refresh %i, costs one supporter a reconnect, who is told in time, and nobody else anything',
    async (platform, nth) => {
      const network = await startNetwork(platform);
      const come = (url: string, handle: string) =>
        joinAs(url, handle, 0, { platform, where: knownServer(platform, network.url, handle) });
      const records = await testDatabase(migrateAt);
      const environment = {
        DATA_DIR: await tempFolder('data'),
        DATABASE_URL: records.url,
        PORT: String(await freePort()),
        SOLE_OPERATOR: 'true',
        // Begun by hand below, when everybody has joined.
        PREFLIGHT_LEAD_SECONDS: '300',
        ...environmentFor(new Map([[platform, network.url]])),
      };
      const { db, dispose } = await connect(records.url, () => undefined);
      atEnd(dispose);
      const command = async (...args: string[]) => {
        const cli = ['src/cli/main.ts', ...args, '--json'];
        const child = await startProcess({ args: cli, env: environment });
        expect(await child.exit, child.output()).toMatchObject({ code: 0 });
        return JSON.parse(child.stdout());
      };
      const start = async (change: Record<string, string>) => {
        const child = await startProcess({
          args: ['src/main.ts'],
          env: { ...environment, ...change },
        });
        await child.line(/Tocsin is ready/, { timeoutMs: 60_000 });
        return child;
      };

      const first = await start({ CRASH_AT: `in-refresh:${nth}` });
      const file = join(repository, 'config/campaigns/reference.yaml');
      const { slug } = await command('campaign', 'create', file, '--in', '1h');
      const { url } = await command('campaign', 'approve', slug);
      // Their access ends long before the moment, so that preflight refreshes them.
      await network.control.behaviour({ tokenLifeSeconds: 60 });
      const people = await network.control.createAccounts({ count: SUPPORTERS });
      // Everybody reads English, so that one phrase tells who was told.
      const joined = await Promise.all(people.map(({ handle }) => come(url, handle)));
      // Slow, so that others would be under way at the kill if they were not refreshed one at a time.
      await network.control.behaviour({ latency: { kind: 'fixed', medianMs: 400 } });
      await network.control.clearRecord();
      await sql`update campaign set preflight_at = now()`.execute(db);
      expect((await first.exit).signal).toBe('SIGKILL');
      const used = (await network.control.record(0, 'token')).map((entry) => entry.handle);
      expect(used.length).toBeGreaterThanOrEqual(1);

      await network.control.behaviour({});
      // What the dead worker held lapses within the minute; the test does not wait for it.
      await sql`update credential set refreshing_until = null, check_after = null`.execute(db);
      await sql`update preflight_turn set held_until = now() - interval '1 second'`.execute(db);
      const second = await start({});
      const counted = async () => {
        const { rows } = await sql<{ state: string; count: number }>`
        select state, count(*)::int as count from credential
        where state = 'dead' or (state = 'live' and checked_at is not null) group by state`.execute(
          db,
        );
        return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
      };
      await waitFor(
        async () => {
          const { live = 0, dead = 0 } = await counted();
          return live + dead === SUPPORTERS;
        },
        { timeoutMs: 30_000, what: 'everybody to be looked at' },
      );
      const told: string[] = [];
      for (const { handle, receiptUrl } of joined) {
        const receipt = await fetch(receiptUrl, { headers: { 'accept-language': 'en' } });
        if ((await receipt.text()).includes('Connect again')) told.push(handle);
      }
      // Those whose new pair had come back and was nowhere else: the one that died, and no more.
      expect(await counted()).toEqual({ live: SUPPORTERS - 1, dead: 1 });
      expect(told).toHaveLength(1);
      expect(used).toContain(told[0]);

      await come(url, told[0] ?? '');
      await waitFor(async () => (await counted()).live === SUPPORTERS, {
        what: 'the one who was told to be ready again',
      });
      expect((await second.stop()).code).toBe(0);
      played.push({ platform, nth, supporters: SUPPORTERS, dead: 1, told: told.length });
    },
    300_000,
  );
  afterAll(async () => {
    if (OUT !== '') await writeRefreshes(OUT, played, TIMES);
  });
});
