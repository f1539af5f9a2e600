import { randomUUID } from 'node:crypto';
import { createPostgresBackend, Queue } from 'bullmq';
import pg from 'pg';
import { beforeAll, type describe, expect, it, vi } from 'vitest';
import { JOB_NAMES, type JobName, type JobPayloads, queueName } from '../../src/queue/jobs.ts';
import { openQueues, type QueueHome, type Queues } from '../../src/queue/queues.ts';
import { atEnd } from '../support/at-end.ts';
import { needs, testDatabase, testRedis } from '../support/database.ts';
import { startProcess } from '../support/process.ts';
import { postgresHome } from '../support/queue-home.ts';
import { waitFor } from '../support/wait-for.ts';

const homes: Record<string, [typeof describe.skip, () => Promise<QueueHome>]> = {
  Redis: [needs('redis'), async () => ({ kind: 'redis', url: (await testRedis()).url })],
  PostgreSQL: [
    needs('postgres'),
    async () => {
      return postgresHome((await testDatabase(async () => undefined)).url);
    },
  ],
};

interface Run {
  name: JobName;
  payload: unknown;
  at: number;
}

for (const [place, [describeHere, open]] of Object.entries(homes)) {
  describeHere(`the queues on ${place}`, () => {
    let home: QueueHome;
    let queues: Queues;
    const errors: string[] = [];
    beforeAll(async () => {
      home = await open();
      queues = await openQueues(home, ['x'], (error) => errors.push(error.message));
      atEnd(() => queues.dispose());
    });

    /** A worker that notes what it is given, for this test. */
    function working(
      queue = 'campaign',
      act: (name: JobName, payload: unknown) => Promise<void> = async () => undefined,
    ): { runs: Run[]; close: () => Promise<void> } {
      const runs: Run[] = [];
      const worker = queues.work(queue, 4, async (name, payload) => {
        runs.push({ name, payload, at: Date.now() });
        await act(name, payload);
      });
      atEnd(() => worker.close());
      return { runs, close: () => worker.close() };
    }

    /** The runs for one campaign: what other tests left behind may come along. */
    const runsOf = (runs: Run[], campaignId: string): Run[] =>
      runs.filter(({ payload }) => (payload as { campaignId?: string }).campaignId === campaignId);

    const subject = (): { campaignId: string } => ({ campaignId: randomUUID() });

    it('run what is for now, with its payload', async () => {
      const { runs } = working();
      const payload = subject();
      await queues.enqueue('lock', payload);
      await waitFor(() => runsOf(runs, payload.campaignId).length > 0, { what: 'the job' });
      expect(runsOf(runs, payload.campaignId)).toMatchObject([{ name: 'lock', payload }]);
    });

    it('are counted by state', async () => {
      const ahead = { at: new Date(Date.now() + 3_600_000) };
      await queues.enqueue('mail', { reminderId: randomUUID() });
      await queues.enqueue('mail', { reminderId: randomUUID() }, ahead);
      await queues.enqueue('mail', { reminderId: randomUUID() }, ahead);
      const counts = await queues.count();
      expect([...counts.keys()]).toEqual(['campaign', 'aftercare', 'mail', 'fire-x']);
      expect(counts.get('mail')).toEqual({ waiting: 1, active: 0, delayed: 2 });
    });

    it('start nothing of a throttled platform before its time, in any worker', async () => {
      const workers = [working('fire-x'), working('fire-x')];
      const until = new Date(Date.now() + 2_000);
      await queues.throttle('x', until);
      const shardId = randomUUID();
      await queues.enqueue('fire', { shardId }, { platform: 'x' });
      const started = (): Run[] => workers.flatMap(({ runs }) => runs);
      await waitFor(() => started().length > 0, { what: 'the shard' });
      expect(started()).toMatchObject([{ name: 'fire', payload: { shardId } }]);
      expect(started()[0]?.at).toBeGreaterThanOrEqual(until.getTime());
    });

    it('run what is for later, and not before', async () => {
      const { runs } = working();
      const early = subject();
      const late = subject();
      const at = new Date(Date.now() + 700);
      await queues.enqueue('preflight', late, { at });
      await queues.enqueue('lock', early);
      await waitFor(() => runsOf(runs, late.campaignId).length > 0, { what: 'the later job' });
      expect(runsOf(runs, early.campaignId)).toHaveLength(1);
      expect(runsOf(runs, late.campaignId)[0]?.at).toBeGreaterThanOrEqual(at.getTime());
    });

    it('run an alarm that was set several times once, and another one for itself', async () => {
      const payload = subject();
      const at = new Date(Date.now() + 300);
      for (let i = 0; i < 3; i++) await queues.enqueue('lock', payload, { at });
      for (let i = 0; i < 3; i++) await queues.enqueue('gather', payload, { key: 'same' });
      await queues.enqueue('gather', payload, { key: 'another' });
      await queues.enqueue('arm', payload, { at });
      const { runs, close } = working();
      await waitFor(() => runsOf(runs, payload.campaignId).length >= 4, { what: 'the jobs' });
      // Whatever there was before this one has been run by then.
      const last = subject();
      await queues.enqueue('arm', last);
      await waitFor(() => runsOf(runs, last.campaignId).length > 0, { what: 'the last job' });
      await close();
      const names = runsOf(runs, payload.campaignId).map(({ name }) => name);
      expect(names.sort()).toEqual(['arm', 'gather', 'gather', 'lock']);
    });

    it('hold a few of the same alarm at most, however long nobody has come for them', async () => {
      const payload = subject();
      const began = Date.now();
      for (let i = 0; i < 30; i++) {
        vi.spyOn(Date, 'now').mockReturnValue(began + i * 2_000);
        await queues.enqueue('gather', payload);
      }
      vi.restoreAllMocks();
      const { runs } = working();
      const last = subject();
      await queues.enqueue('arm', last);
      await waitFor(() => runsOf(runs, last.campaignId).length > 0, { what: 'the last job' });
      const count = runsOf(runs, payload.campaignId).length;
      expect(count).toBeGreaterThan(1);
      expect(count).toBeLessThanOrEqual(4);
    });

    it('set an alarm again once it has run', async () => {
      const { runs } = working();
      const payload = subject();
      for (const count of [1, 2]) {
        await waitFor(
          async () => {
            await queues.enqueue('lock', payload, { at: new Date(Date.now() + 50) });
            return runsOf(runs, payload.campaignId).length >= count;
          },
          { what: `run ${count}`, everyMs: 100 },
        );
      }
      expect(runsOf(runs, payload.campaignId).length).toBeGreaterThanOrEqual(2);
    });

    it('close by finishing what is under way, and lose nothing that came meanwhile', async () => {
      let finish: () => void = () => undefined;
      let finished = false;
      const first = subject();
      const worker = working('aftercare', async (_name, payload) => {
        if ((payload as typeof first).campaignId !== first.campaignId) return;
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        finished = true;
      });
      await queues.enqueue('settle', first);
      await waitFor(() => worker.runs.length === 1, { what: 'the job' });
      const closing = worker.close();
      let closed = false;
      void closing.then(() => {
        closed = true;
      });
      const next = Array.from({ length: 8 }, subject);
      for (const payload of next) await queues.enqueue('settle', payload);
      expect(closed).toBe(false);
      finish();
      await closing;
      expect(finished).toBe(true);
      // A fetch that was on its way may bring one more, which is run as well; the rest is there for the next worker.
      const taken = worker.runs.length;
      expect(taken).toBeLessThan(1 + next.length);
      const { runs } = working('aftercare');
      const ran = (payload: typeof first): number =>
        runsOf([...worker.runs, ...runs], payload.campaignId).length;
      await waitFor(() => next.every((payload) => ran(payload) > 0), { what: 'what was left' });
      expect([first, ...next].map(ran)).toEqual([first, ...next].map(() => 1));
      expect(worker.runs).toHaveLength(taken);
    });

    it('tell of a job that failed, and are free for the same alarm', async () => {
      const payload = subject();
      const reason = `no luck with ${payload.campaignId}`;
      let failing = true;
      const { runs } = working('campaign', async (_name, given) => {
        if ((given as typeof payload).campaignId !== payload.campaignId || !failing) return;
        failing = false;
        throw new Error(reason);
      });
      await queues.enqueue('lock', payload, { key: 'once' });
      await waitFor(() => errors.includes(reason), { what: 'the failure' });
      await waitFor(
        async () => {
          await queues.enqueue('lock', payload, { key: 'once' });
          return runsOf(runs, payload.campaignId).length >= 2;
        },
        { what: 'the second run', everyMs: 100 },
      );
      expect(failing).toBe(false);
    });

    it('let a later alarm through, though a killed process holds an earlier one', async () => {
      const child = await startProcess({
        args: ['test/queue/holder.ts', JSON.stringify({ ...home, ear: null })],
      });
      await child.line(/ready/);
      const payload = subject();
      await queues.enqueue('lock', payload);
      await child.line(/holding lock/);
      await child.stop('SIGKILL');
      const { runs } = working();
      // As the sweep does every second.
      await waitFor(
        async () => {
          await queues.enqueue('lock', payload);
          return runsOf(runs, payload.campaignId).length > 0;
        },
        { what: 'the alarm', everyMs: 250 },
      );
      expect(runsOf(runs, payload.campaignId)[0]).toMatchObject({ name: 'lock', payload });
    });

    it('keep nothing but the names of rows', async () => {
      const ids = { campaignId: randomUUID(), shardId: randomUUID() };
      const payloads: JobPayloads = {
        preflight: { campaignId: ids.campaignId },
        lock: { campaignId: ids.campaignId },
        arm: { campaignId: ids.campaignId },
        fire: { shardId: ids.shardId },
        gather: { campaignId: ids.campaignId },
        reconcile: { campaignId: ids.campaignId },
        settle: { campaignId: ids.campaignId },
        revoke: {},
        seal: { campaignId: ids.campaignId },
        mail: { reminderId: randomUUID() },
        canary: { queue: 'mail', asker: 'machine-1' },
      };
      const at = new Date(Date.now() + 3_600_000);
      for (const name of JOB_NAMES) {
        await queues.enqueue(name, payloads[name], { at, platform: 'x', queue: 'mail' });
      }
      const kept: Record<string, unknown> = {};
      for (const name of queues.names()) {
        const queue = reader(home, name);
        for (const job of await queue.getDelayed()) kept[job.name] = job.data;
        await queue.close();
      }
      expect(kept).toEqual(payloads);
      await expect(queues.enqueue('fire', payloads.fire)).rejects.toThrow(/belongs to a platform/);
      await expect(queues.enqueue('fire', payloads.fire, { platform: 'y' })).rejects.toThrow();
    });

    it('have one queue for each platform, and every job has a queue', () => {
      expect(queues.names()).toEqual(['campaign', 'aftercare', 'mail', 'fire-x']);
      for (const name of JOB_NAMES)
        expect(queues.names()).toContain(queueName(name, { platform: 'x', queue: 'mail' }));
    });

    it('hear what is for now while they wait for something far off', async () => {
      const { runs } = working();
      const far = subject();
      await queues.enqueue('lock', far, { at: new Date(Date.now() + 9 * 86_400_000) });
      const first = subject();
      await queues.enqueue('arm', first);
      await waitFor(() => runsOf(runs, first.campaignId).length > 0, { what: 'the first job' });
      // The worker has nothing left to do now but to sleep towards the far one; give it the time to fall asleep.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const near = subject();
      await queues.enqueue('arm', near);
      await waitFor(() => runsOf(runs, near.campaignId).length > 0, { what: 'the near job' });
      expect(runsOf(runs, far.campaignId)).toEqual([]);
    });
  });
}

/** The same queue, as the library itself reads it. */
function reader(home: QueueHome, name: string): Pick<Queue, 'getDelayed' | 'close'> {
  if (home.kind === 'redis')
    return new Queue(name, { prefix: '{tc}', connection: { url: home.url } });
  const connection = { connectionString: home.url, migrate: false, max: 1 };
  return new Queue(name, { connection }, createPostgresBackend) as Pick<
    Queue,
    'getDelayed' | 'close'
  >;
}

needs('postgres')('workers on PostgreSQL', () => {
  it('E9 wait to be told of a job, and do not ask for one', async () => {
    const { url } = await testDatabase(async () => undefined);
    const queues = await openQueues(await postgresHome(url), ['x'], () => undefined);
    atEnd(() => queues.dispose());
    const done: unknown[] = [];
    for (const name of queues.names()) {
      const worker = queues.work(name, 4, async (_name, payload) => void done.push(payload));
      atEnd(() => worker.close());
    }
    await queues.enqueue('lock', { campaignId: randomUUID() });
    await queues.enqueue('mail', { reminderId: randomUUID() });
    await waitFor(() => done.length === 2, { what: 'the jobs' });
    // A worker that asks does so every 5 s.
    await new Promise((resolve) => setTimeout(resolve, 7_000));
    expect(await askedLately(url, 5.5)).toEqual([]);
    await queues.enqueue('lock', { campaignId: randomUUID() });
    await waitFor(() => done.length === 3, { what: 'a job after the rest' });
  });
});

/** What other sessions of this database have asked in the last seconds. */
async function askedLately(url: string, seconds: number): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client
    .query<{ query: string }>(
      `select query from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
         and query_start > clock_timestamp() - make_interval(secs => $1)`,
      [seconds],
    )
    .finally(() => client.end());
  return rows.map(({ query }) => query);
}
