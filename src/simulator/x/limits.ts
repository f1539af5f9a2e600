import type { Limit, LimitName } from '../behaviour.ts';
import type { World } from '../platform.ts';

/** A fixed window of requests, begun by the first one in it. */
export interface Window {
  limit: number;
  used: number;
  endsMs: number;
  /** Unix seconds, as the reset header gives it. */
  reset: string;
  epoch: number;
}

export type Windows = ReturnType<typeof createWindows>;

/** The rate windows of X. `key` is the account's id, or the app's client id for the limits of an app. */
export function createWindows(world: World) {
  const tables = new Map<LimitName, Map<string, Window>>();

  function table(name: LimitName): Map<string, Window> {
    const existing = tables.get(name);
    if (existing) return existing;
    const made = new Map<string, Window>();
    tables.set(name, made);
    return made;
  }

  return {
    current(name: LimitName, key: string, nowMs: number): Window {
      const windows = table(name);
      const known = windows.get(key);
      if (known && nowMs < known.endsMs && known.epoch === world.limitsEpoch) return known;
      const fresh = openWindow(world.behaviour.limits[name], nowMs, world.limitsEpoch);
      windows.set(key, fresh);
      return fresh;
    },
    clear: () => tables.clear(),
  };
}

/** Counts one request in all of the windows, or in none when one of them is used up. */
export function take(...windows: Window[]): boolean {
  for (const window of windows) if (window.used >= window.limit) return false;
  for (const window of windows) window.used++;
  return true;
}

/** `x-rate-limit` for the 15 minutes, `x-app-limit-24hour` and `x-user-limit-24hour` for the days. */
export function limitHeaders(prefix: string, { limit, used, reset }: Window): string {
  return headerLines(prefix, limit, Math.max(0, limit - used), reset);
}

export function headerLines(prefix: string, limit: number, left: number, reset: string): string {
  return `${prefix}-limit: ${limit}\r\n${prefix}-remaining: ${left}\r\n${prefix}-reset: ${reset}\r\n`;
}

function openWindow(limit: Limit, nowMs: number, epoch: number): Window {
  const endsMs = nowMs + limit.windowSeconds * 1_000;
  const reset = String(Math.ceil(endsMs / 1_000));
  return { limit: limit.limit, used: 0, endsMs, reset, epoch };
}
