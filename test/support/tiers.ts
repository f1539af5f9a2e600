import { chromium } from './services/chromium.ts';
import { faketime } from './services/faketime.ts';
import { pgbouncer } from './services/pgbouncer.ts';
import { postgres } from './services/postgres.ts';
import { python } from './services/python.ts';
import { redis } from './services/redis.ts';
import type { Ladder } from './services/service.ts';

/** A command that runs tests: which projects of `vitest.config.ts`, on which services, in which environment. */
export interface Tier {
  projects: readonly string[];
  ladders: readonly Ladder[];
  environment: Record<string, string>;
}

/** `npm test`, `npm run test:system`, and the vitest part of `npm run test:full`. */
export const TIERS: Readonly<Record<string, Tier>> = {
  daily: { projects: ['daily'], ladders: [postgres, redis, python], environment: {} },
  system: {
    projects: ['system'],
    ladders: [postgres, redis, chromium, pgbouncer],
    environment: {},
  },
  full: {
    projects: ['daily', 'system', 'full'],
    ladders: [postgres, redis, chromium, python, pgbouncer, faketime],
    environment: { TEST_TIER: 'full', FUZZ: process.env.FUZZ ?? '50' },
  },
};
