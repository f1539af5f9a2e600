import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Metrics } from '../actions/read-metrics.ts';
import { VERSION } from '../version.ts';

/** What a scrape is answered with. */
export interface Exposition {
  /** Prometheus' text format, with what Node.js says of this process. */
  expose(metrics: Metrics): Promise<string>;
  contentType: string;
}

/** Starts to watch this process, and gives what exposes it together with the instance's own figures. */
export function createExposition(): Exposition {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauges = createGauges(registry);
  return {
    contentType: registry.contentType,
    expose: (metrics) => {
      for (const gauge of Object.values(gauges)) gauge.reset();
      gauges.info.set({ version: VERSION }, 1);
      setRecords(gauges, metrics.records);
      setJobs(gauges, metrics.jobs);
      // All are set in one go, so that no scrape shows half of another.
      return registry.metrics();
    },
  };
}

type Gauges = ReturnType<typeof createGauges>;

function createGauges(registry: Registry) {
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Gauge({ name: `tocsin_${name}`, help, labelNames, registers: [registry] });
  return {
    info: gauge('info', 'This program.', ['version']),
    database: gauge('database_up', 'Whether the database answers.'),
    queue: gauge('queue_up', 'Whether the queue answers; posts go out without it, too.'),
    campaigns: gauge('campaigns', 'Campaigns by state.', ['state']),
    nextMoment: gauge(
      'next_moment_timestamp_seconds',
      'The next moment, in seconds since 1970; not there when none is to come.',
    ),
    deliveries: gauge(
      'deliveries',
      'Deliveries of campaigns that are locked or firing, by platform and state.',
      ['platform', 'state'],
    ),
    overdue: gauge(
      'overdue_seconds',
      'How long ago the earliest moment was whose posts nobody has all begun to send; 0 when all is well.',
    ),
    holds: gauge('holds', 'What is held now, by what it bears on and why.', ['scope', 'kind']),
    workers: gauge('workers', 'Worker processes seen in the last minute.'),
    clockOffset: gauge(
      'worker_clock_offset_seconds',
      'What has to be added to a worker’s clock to get the database’s.',
      ['worker'],
    ),
    jobs: gauge('jobs', 'Jobs by queue and state.', ['queue', 'state']),
  };
}

function setRecords(gauges: Gauges, records: Metrics['records']): void {
  gauges.database.set(records ? 1 : 0);
  if (!records) {
    // Nothing known is not zero.
    for (const gauge of [gauges.overdue, gauges.workers, gauges.nextMoment]) gauge.remove();
    return;
  }
  for (const { state, count } of records.campaigns) gauges.campaigns.set({ state }, count);
  for (const { platform, state, count } of records.owed) {
    gauges.deliveries.set({ platform, state }, count);
  }
  for (const { scope, kind } of records.holds) gauges.holds.inc({ scope, kind });
  for (const { name, clockOffsetMs } of records.workers) {
    gauges.clockOffset.set({ worker: name }, clockOffsetMs / 1000);
  }
  gauges.workers.set(records.workers.length);
  gauges.overdue.set(records.overdueSeconds);
  if (records.nextMoment) gauges.nextMoment.set(records.nextMoment.getTime() / 1000);
  else gauges.nextMoment.remove();
}

function setJobs(gauges: Gauges, jobs: Metrics['jobs']): void {
  gauges.queue.set(jobs ? 1 : 0);
  for (const [queue, counts] of jobs ?? []) {
    for (const [state, count] of Object.entries(counts)) gauges.jobs.set({ queue, state }, count);
  }
}
