import { type ClockBounds, medianClock, narrow, toClockBounds } from '../../domain/network-time.ts';
import type { SendResult } from './in-flight.ts';
import type { ResponseHeaders } from './response-parser.ts';

/** Told of every answer: from where, its headers, and when it was asked for and in, by performance.now(). */
export type ResponseObserver = (
  origin: string,
  headers: ResponseHeaders,
  sentAt: number,
  receivedAt: number,
) => void;

/** What the servers of one kind say together of our clock. */
export interface ClockOpinion {
  bounds: ClockBounds;
  /** Which hosts have said so. */
  hosts: readonly string[];
}

/** A second opinion on our clock: the Date of the networks' own answers. */
export interface NetworkClock {
  observe: ResponseObserver;
  /**
   * How far the networks' clocks are ahead of this process's own. `configured`: of hosts that the operator's configuration names;
   * `named`: of servers that supporters name, which may lie. Null where none has answered lately.
   */
  opinion(): Record<'configured' | 'named', ClockOpinion | null>;
}

/** Answers of a host that are remembered, and for how long: from one look at the grants to the moment. */
const MAX_ANSWERS = 8;
const LIFE_MS = 2 * 3_600_000;
const MAX_HOSTS = 500;

interface HostClock {
  /** The Date heard last: the same one once more tells next to nothing. */
  last: string;
  /** The newest first. */
  answers: { at: number; bounds: ClockBounds }[];
}

/** `configured`: addresses that stand in the operator's configuration. */
export function createNetworkClock(configured: readonly string[]): NetworkClock {
  const trusted = new Set(configured.map((url) => new URL(url).host));
  const hosts = new Map<string, HostClock>();
  const heard: ResponseObserver = (origin, headers, sentAt, receivedAt) => {
    const { date } = headers;
    const known = hosts.get(origin);
    if (typeof date !== 'string' || known?.last === date) return;
    const dateMs = parseDate(headers);
    if (dateMs === null) return;
    const clock = known ?? { last: '', answers: [] };
    clock.last = date;
    const bounds = toClockBounds({
      dateMs,
      sentAtMs: performance.timeOrigin + sentAt,
      receivedAtMs: performance.timeOrigin + receivedAt,
    });
    clock.answers = [{ at: receivedAt, bounds }, ...clock.answers.slice(0, MAX_ANSWERS - 1)];
    // Those heard last come last.
    hosts.delete(origin);
    hosts.set(origin, clock);
    if (hosts.size > MAX_HOSTS) hosts.delete(hosts.keys().next().value as string);
  };
  const opinionOf = (isTrusted: boolean): ClockOpinion | null => {
    const oldest = performance.now() - LIFE_MS;
    const clocks: { host: string; bounds: ClockBounds }[] = [];
    for (const [origin, { answers }] of hosts) {
      const { host } = new URL(origin);
      if (trusted.has(host) !== isTrusted) continue;
      const lately = answers.filter(({ at }) => at > oldest).map(({ bounds }) => bounds);
      const bounds = narrow(lately);
      if (bounds) clocks.push({ host, bounds });
    }
    const bounds = medianClock(clocks.map((clock) => clock.bounds));
    return bounds && { bounds, hosts: clocks.map(({ host }) => host) };
  };
  return {
    observe: heard,
    opinion: () => ({ configured: opinionOf(true), named: opinionOf(false) }),
  };
}

/** Is told when the network wrote its answer to a post, by its own clock: epoch milliseconds, whole seconds. */
export type OnNetworkTime = (networkAtMs: number) => void;

/** Tells the time of an answer, where it has one. */
export function reportNetworkTime(result: SendResult, told: OnNetworkTime | undefined): void {
  if (!told || result.kind !== 'answer') return;
  const ms = parseDate(result.headers);
  if (ms !== null) told(ms);
}

/** RFC 9110, 5.6.7: the one form that is sent. */
const IMF_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
let lastText = '';
let lastMs = 0;

/** When the server wrote this answer; null where it does not say, or where a cache on the way has kept the answer (its Age). */
function parseDate({ date, age }: ResponseHeaders): number | null {
  if (typeof date !== 'string' || (age !== undefined && age !== '0')) return null;
  // Thousands of answers share a second.
  if (date === lastText) return lastMs;
  const ms = IMF_DATE.test(date) ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(ms)) return null;
  lastText = date;
  lastMs = ms;
  return ms;
}
