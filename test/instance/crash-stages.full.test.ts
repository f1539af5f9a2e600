import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { inParallel } from '../../src/async/in-parallel.ts';
import type { CrashPoint } from '../../src/crash.ts';
import { joinAs } from '../../src/demo/supporter.ts';
import { connect, migrateAt } from '../../src/store/connection/database.ts';
import { readMasterKey } from '../../src/store/vault/master-key.ts';
import { atEnd } from '../support/at-end.ts';
import { repository } from '../support/child.ts';
import { needs, testDatabase } from '../support/database.ts';
import { countPosts, FAULTLESS, type Fleet, type Fleeted, startFleet } from '../support/fleet.ts';
import { freePort } from '../support/free-port.ts';
import { startNetwork } from '../support/network.ts';
import { type Child, startProcess } from '../support/process.ts';
import { networkEnvironment } from '../support/stage.ts';
import { tempFolder } from '../support/temp.ts';
import { waitFor } from '../support/wait-for.ts';

const PEOPLE = 12;
/** Keys are destroyed a second after the end. */
const RETENTION_DAYS = String(1 / 86_400);
/** The burst and what comes before it have tests of their own; see docs/crash-points.md. */
const STAGES: readonly CrashPoint[] = [
  ...(['in-lock', 'after-lock', 'in-settle'] as const),
  ...(['in-revoke', 'in-destroy', 'after-destroy'] as const),
];
/** A permission that a dead worker was giving back is taken up again after a minute. */
const END_MS = 180_000;

/** Fleets at a time. */
const FLEETS = 3;

const SIGKILLED = { code: null, signal: 'SIGKILL' };

async function untilKilled(child: Child, what: string): Promise<void> {
  await waitFor(() => child.ended, { timeoutMs: 120_000, what: `somebody to die ${what}` });
  expect(await child.exit, child.output()).toEqual(SIGKILLED);
}

/** Waits until nothing is left of the campaign but its counters, and everything else is under a new master key. */
async function untilEnded({ ctx }: Fleet, { id, slug }: Fleeted): Promise<void> {
  const ended = async () => {
    const { rows } = await sql<{ reduced: boolean; left: number }>`
      select reduced_at is not null as reduced,
        (select count(*)::int from campaign_key where campaign_id = c.id and wrapped is not null)
        + (select count(*)::int from credential where campaign_id = c.id) as left
      from campaign c where id = ${id}`.execute(ctx.db);
    const master = await readMasterKey(ctx.db);
    const rotated = master?.rotated_at != null && master.owed_since === null;
    return rotated && rows[0]?.reduced === true && rows[0].left === 0;
  };
  await waitFor(ended, { timeoutMs: END_MS, everyMs: 250, what: `the keys of ${slug} to be gone` });
}

/** One dies there, and another one ends what it left. */
async function dieAndEnd(point: CrashPoint): Promise<void> {
  const fleet = await startFleet('postgres');
  const victim = await fleet.victim({ CRASH_AT: point, RETENTION_DAYS });
  const campaign = await fleet.open(PEOPLE);
  await untilKilled(victim, point);
  const survivor = await fleet.worker({ RETENTION_DAYS });
  await fleet.untilSettled(campaign, END_MS);
  await untilEnded(fleet, campaign);
  const counted = countPosts(campaign, await fleet.posts(campaign));
  expect({ point, ...counted, ...(await fleet.states(campaign)) }).toEqual({
    point,
    ...FAULTLESS,
    posted: PEOPLE,
  });
  expect(await survivor.stop()).toEqual({ code: 0, signal: null });
}

needs('postgres')('a process that dies in a stage of a campaign', () => {
  it('leaves it to the next one, which posts everything once and destroys the keys', async () => {
    await inParallel(STAGES, FLEETS, dieAndEnd);
  }, 900_000);

  it('leaves no half of a campaign that it was creating, and no half of a pledge', async () => {
    const network = await startNetwork();
    const environment = {
      DATA_DIR: await tempFolder('data'),
      DATABASE_URL: (await testDatabase(migrateAt)).url,
      PORT: String(await freePort()),
      SOLE_OPERATOR: 'true',
      ...networkEnvironment(network.url),
    };
    const start = (point: CrashPoint | '', ...args: string[]): Promise<Child> =>
      startProcess({ args, env: { ...environment, CRASH_AT: point } });
    const command = async (...args: string[]) => {
      const child = await start('', 'src/cli/main.ts', ...args, '--json');
      expect(await child.exit, child.output()).toMatchObject({ code: 0 });
      return JSON.parse(child.stdout());
    };
    const create = ['campaign', 'create', join(repository, 'config/campaigns/reference.yaml')];
    const later = ['--in', '1h'];
    await untilKilled(await start('in-create', 'src/cli/main.ts', ...create, ...later), 'creating');
    const { slug } = await command(...create, ...later);
    const { url } = await command('campaign', 'approve', slug);

    const [person] = await network.control.createAccounts({ count: 1 });
    const handle = person?.handle ?? '';
    const instance = async (point: CrashPoint | ''): Promise<Child> => {
      const child = await start(point, 'src/main.ts');
      await child.line(/Tocsin is ready/, { timeoutMs: 60_000 });
      return child;
    };
    const first = await instance('in-join');
    await expect(joinAs(url, handle, 0)).rejects.toThrow();
    await untilKilled(first, 'in a join');
    const { db, dispose } = await connect(environment.DATABASE_URL, () => undefined);
    atEnd(dispose);
    const count = async (table: 'pledge' | 'credential'): Promise<number> =>
      (await db.selectFrom(table).select('id').execute()).length;
    expect([await count('pledge'), await count('credential')]).toEqual([0, 0]);
    const second = await instance('');
    await joinAs(url, handle, 0);
    expect([await count('pledge'), await count('credential')]).toEqual([1, 1]);
    expect((await second.stop()).code).toBe(0);
  }, 240_000);
});
