import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { loadSecrets } from '../../config/secrets.ts';
import { joinAs } from '../../src/demo/supporter.ts';
import { connect } from '../../src/store/connection/database.ts';
import { embeddedUrl } from '../../src/store/embedded/paths.ts';
import { createVault } from '../../src/store/vault/vault.ts';
import { bringForward } from '../support/bring-forward.ts';
import { repository } from '../support/child.ts';
import { embeddedFolder } from '../support/embedded.ts';
import { freePort } from '../support/free-port.ts';
import { startNetwork } from '../support/network.ts';
import { startProcess } from '../support/process.ts';
import { networkEnvironment } from '../support/stage.ts';
import { firstOf } from '../support/tier.ts';
import { waitFor } from '../support/wait-for.ts';

const SUPPORTERS = 30;

interface Death {
  when: string;
  /** From the last who joins to the moment, in ms. */
  soonMs: number;
  /** How long before the moment joining closes, in seconds. */
  lockLead: number;
  /** Milliseconds from the moment to the SIGKILL, and to the new start; negative is before. */
  killedAt: number;
  startedAt: number;
  /** How long the network keeps each answer back, in ms. */
  answersAfter: number;
}

const deaths: Death[] = [
  // Every post has arrived, and not one answer has come back.
  {
    ...{ when: 'in the middle of the burst', soonMs: 7_000, lockLead: 5 },
    ...{ killedAt: 1_200, startedAt: 1_500, answersAfter: 3_000 },
  },
  {
    ...{ when: 'ten seconds before the moment', soonMs: 18_000, lockLead: 15 },
    ...{ killedAt: -10_000, startedAt: -5_000, answersAfter: 0 },
  },
];

describe('an instance that is killed', () => {
  it('posts everything once after it has been started again', async () => {
    // Side by side: each waits for a moment of its own.
    await Promise.all(firstOf(deaths, 1).map(dieAndReturn));
  }, 300_000);
});

async function dieAndReturn(death: Death): Promise<void> {
  const network = await startNetwork();
  const environment = {
    DATA_DIR: await embeddedFolder(),
    PORT: String(await freePort()),
    SOLE_OPERATOR: 'true',
    LOCK_LEAD_SECONDS: String(death.lockLead),
    ARM_LEAD_SECONDS: String(death.lockLead - 1),
    RECONCILE_DELAY_SECONDS: '5',
    ...networkEnvironment(network.url),
  };
  const command = async (...args: string[]): Promise<string> => {
    const child = await startProcess({
      args: ['src/cli/main.ts', ...args, '--json'],
      env: environment,
    });
    expect(await child.exit, child.output()).toMatchObject({ code: 0 });
    return child.stdout();
  };
  const first = await startProcess({ args: ['src/main.ts'], env: environment });
  await first.line(/Tocsin is ready/, { timeoutMs: 60_000 });
  const file = join(repository, 'config/campaigns/reference.yaml');
  const created = JSON.parse(await command('campaign', 'create', file, '--in', '1h'));
  const { url } = JSON.parse(await command('campaign', 'approve', created.slug));
  const people = await network.control.createAccounts({ count: SUPPORTERS });
  for (const [index, person] of people.entries()) await joinAs(url, person.handle, index);
  const { db, dispose } = await connect(embeddedUrl(environment.DATA_DIR), () => undefined);
  const { id, moment: opened } = await db
    .selectFrom('campaign')
    .select(['id', 'moment'])
    .executeTakeFirstOrThrow();
  const vault = createVault(loadSecrets(environment.DATA_DIR));
  const moved = await bringForward({ db, vault }, { id, moment: opened }, death.soonMs);
  await dispose();
  if (death.answersAfter > 0) {
    await network.control.behaviour({
      latency: { kind: 'fixed', medianMs: death.answersAfter },
    });
  }

  const moment = moved.moment.getTime();
  await sleep(moment + death.killedAt - Date.now());
  await first.stop('SIGKILL');
  await network.control.behaviour({});
  await sleep(moment + death.startedAt - Date.now());
  const second = await startProcess({ args: ['src/main.ts'], env: environment });
  await second.line(/Tocsin is ready/, { timeoutMs: 60_000 });

  await untilSettled(environment.DATA_DIR, `everything to be posted: killed ${death.when}`);
  const shown = JSON.parse(await command('campaign', 'show', created.slug));
  expect(shown.delivery.totals.posted, death.when).toBe(SUPPORTERS);
  const posts = await network.control.posts();
  expect(posts.map((post) => post.handle).sort(), death.when).toEqual(
    people.map((p) => p.handle).sort(),
  );
  expect(
    posts.filter((post) => post.at_us < moment * 1000),
    death.when,
  ).toEqual([]);
  expect((await second.stop()).code).toBe(0);
}

/** Asks the database of the instance, which is much less work than a command. */
async function untilSettled(dataDir: string, what: string): Promise<void> {
  const { db, dispose } = await connect(embeddedUrl(dataDir), () => undefined);
  const isSettled = async () =>
    (await db.selectFrom('campaign').select('state').executeTakeFirstOrThrow()).state === 'settled';
  await waitFor(isSettled, { timeoutMs: 60_000, everyMs: 250, what });
  await dispose();
}
