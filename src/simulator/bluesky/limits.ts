import type { LimitName } from '../behaviour.ts';
import type { World } from '../platform.ts';
import { limitLines } from './answers.ts';

interface Window {
  used: number;
  endsMs: number;
  epoch: number;
}

export type Limits = ReturnType<typeof createLimits>;

/** Windows of requests, begun by the first in them; packages/pds/src/rate-limits.ts. */
export function createLimits(world: World) {
  const windows = new Map<string, Window>();

  function current(name: LimitName, key: string, nowMs: number): Window {
    const place = `${name} ${key}`;
    const known = windows.get(place);
    if (known && nowMs < known.endsMs && known.epoch === world.limitsEpoch) return known;
    const endsMs = nowMs + world.behaviour.limits[name].windowSeconds * 1_000;
    const fresh = { used: 0, endsMs, epoch: world.limitsEpoch };
    windows.set(place, fresh);
    return fresh;
  }

  return {
    /** Counts one request. `headers` tell what is left. */
    take(name: LimitName, key: string, nowMs: number): { allowed: boolean; headers: string } {
      const { limit, windowSeconds } = world.behaviour.limits[name];
      const window = current(name, key, nowMs);
      const allowed = window.used < limit;
      if (allowed) window.used++;
      const reset = Math.ceil(window.endsMs / 1_000);
      return { allowed, headers: limitLines(limit, limit - window.used, reset, windowSeconds) };
    },
    clear: () => windows.clear(),
  };
}
