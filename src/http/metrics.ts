import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Metrics } from '../actions/health/read-metrics.ts';
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
      setHealth(gauges, metrics);
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
      'For how long the step that waits longest has been due: locking, taking, sending or taking up again; 0 when all is well.',
    ),
    stepOverdue: gauge('step_overdue_seconds', 'The same by step: lock, arm, fire, retry.', [
      'step',
    ]),
    ready: gauge('ready', 'Whether /readyz says so: 1, or 0 while something is red.'),
    findings: gauge('findings', 'What /readyz names, by what was looked at and how bad it is.', [
      'check',
      'level',
    ]),
    canary: gauge(
      'canary_age_seconds',
      'Since a job last went round, by queue and by the process that sent it.',
      ['queue', 'worker'],
    ),
    heard: gauge(
      'notification_age_seconds',
      'Since a process last heard a notification that it had sent to itself.',
      ['worker'],
    ),
    swept: gauge('sweep_age_seconds', 'Since a process last looked through all that is due.', [
      'worker',
    ]),
    disk: gauge(
      'disk_free_bytes',
      'Room on the disk of DATA_DIR, and of the database where it can be seen.',
      ['of'],
    ),
    holds: gauge('holds', 'What is held now, by what it bears on and why.', ['scope', 'kind']),
    workers: gauge('workers', 'Worker processes seen in the last minute.'),
    clockOffset: gauge(
      'worker_clock_offset_seconds',
      'What has to be added to a worker’s clock to get the database’s.',
      ['worker'],
    ),
    networkOffset: gauge(
      'network_clock_offset_seconds',
      'How far the networks’ clocks are ahead of the database’s, by worker, and by whose word: hosts that the configuration names, or servers that supporters name.',
      ['worker', 'by'],
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
  for (const one of records.workers) {
    const { name: worker, clockOffsetMs, seenSeconds, heardSeconds, sweptSeconds } = one;
    gauges.clockOffset.set({ worker }, clockOffsetMs / 1000);
    if (heardSeconds !== null) gauges.heard.set({ worker }, seenSeconds + heardSeconds);
    if (sweptSeconds !== null) gauges.swept.set({ worker }, seenSeconds + sweptSeconds);
    for (const [by, ms] of [
      ['configured', one.networkOffsetMs] as const,
      ['named', one.namedOffsetMs] as const,
    ]) {
      if (ms !== null) gauges.networkOffset.set({ worker, by }, ms / 1000);
    }
  }
  for (const { queue, askedBy, doneSeconds } of records.canaries) {
    if (doneSeconds !== null) gauges.canary.set({ queue, worker: askedBy }, doneSeconds);
  }
  for (const { step, seconds } of records.overdue) gauges.stepOverdue.set({ step }, seconds);
  gauges.workers.set(records.workers.length);
  gauges.overdue.set(Math.max(0, ...records.overdue.map(({ seconds }) => seconds)));
  if (records.nextMoment) gauges.nextMoment.set(records.nextMoment.getTime() / 1000);
  else gauges.nextMoment.remove();
}

function setJobs(gauges: Gauges, jobs: Metrics['jobs']): void {
  gauges.queue.set(jobs ? 1 : 0);
  for (const [queue, counts] of jobs ?? []) {
    for (const [state, count] of Object.entries(counts)) gauges.jobs.set({ queue, state }, count);
  }
}

function setHealth(gauges: Gauges, { findings, disks }: Metrics): void {
  gauges.ready.set(findings.some(({ level }) => level === 'red') ? 0 : 1);
  for (const { check, level } of findings) gauges.findings.inc({ check, level });
  for (const { of, freeBytes } of disks) gauges.disk.set({ of }, freeBytes);
}
