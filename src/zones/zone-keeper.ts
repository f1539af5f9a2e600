import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readZonePackage } from '../domain/zone/zone-package.ts';
import {
  createZoneRules,
  RUNTIME_ZONES,
  type ZoneFault,
  type ZoneRules,
  type ZoneSource,
} from '../domain/zone/zone-rules.ts';
import { openSystemZones } from './system-zones.ts';

/** The zone rules of this process, as they are now. */
export interface ZoneKeeper {
  /** Looks at most once a second whether the files have changed; the same object as long as they have not. */
  current(): ZoneRules;
}

export interface ZoneKeeperOptions {
  /** The system's folder of compiled zone files; see `TZDIR`. */
  systemDir: string;
  /** The data file of the npm package. */
  packageFile?: string;
}

const LOOK_MS = 1_000;
const PACKAGE = 'moment-timezone';
const PACKAGE_MEND = 'Install the packages of Tocsin anew: npm ci.';

/**
 * Gathers the rules of time zones: the runtime's, the system's and the npm package's. The files are looked at again while the
 * process runs, so that renewed rules hold without a restart. A source that is damaged is left out, and is a fault.
 */
export function createZoneKeeper(options: ZoneKeeperOptions): ZoneKeeper {
  const packageFile = options.packageFile ?? dataFile();
  let known: ZoneRules | null = null;
  let stamp = '';
  let lookedAt = Number.NEGATIVE_INFINITY;
  return {
    current: () => {
      const now = performance.now();
      if (known && now - lookedAt < LOOK_MS) return known;
      lookedAt = now;
      const seen = [packageFile, ...versionFiles(options.systemDir)].map(stampOf).join();
      if (known && seen === stamp) return known;
      stamp = seen;
      known = gather(options.systemDir, packageFile);
      return known;
    },
  };
}

function gather(systemDir: string, packageFile: string): ZoneRules {
  const releases = readReleases(packageFile);
  const published = (version: string | null): Date | null => releases.get(version ?? '') ?? null;
  const faults: ZoneFault[] = [];
  const sources: ZoneSource[] = [];
  try {
    sources.push(readZonePackage(readFileSync(packageFile, 'utf8'), published));
  } catch (error) {
    faults.push({
      what: `The zone rules of the package ${PACKAGE} cannot be read: ${(error as Error).message}`,
      mend: PACKAGE_MEND,
    });
  }
  const system = openSystemZones(systemDir);
  if (system)
    sources.push({
      ...system.source,
      published: published(system.source.version) ?? system.source.published,
    });
  sources.push({ ...RUNTIME_ZONES, published: published(RUNTIME_ZONES.version) });
  return createZoneRules(sources, () => [...faults, ...(system?.faults() ?? [])]);
}

function dataFile(): string {
  try {
    return createRequire(import.meta.url).resolve(`${PACKAGE}/data/packed/latest.json`);
  } catch {
    return join('node_modules', PACKAGE, 'data', 'packed', 'latest.json');
  }
}

/** Files that say which edition the system has; the first that does counts. */
function versionFiles(dir: string): string[] {
  return ['tzdata.zi', '+VERSION', 'version'].map((name) => join(dir, name));
}

/** Changes when the file does. */
function stampOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? `${stats.mtimeMs} ${stats.size} ${stats.ino}` : '-';
}

/** When each edition came out, by the days on which the package took it over: the package's own list of changes. */
function readReleases(packageFile: string): ReadonlyMap<string, Date> {
  const releases = new Map<string, Date>();
  let day = '';
  try {
    for (const line of readFileSync(join(packageFile, '../../../changelog.md'), 'utf8').split(
      '\n',
    )) {
      day = /^### .*_(\d{4}-\d{2}-\d{2})_/.exec(line)?.[1] ?? day;
      const version = /TZDB `(\d{4}[a-z]{1,2})`/.exec(line)?.[1];
      if (version && day !== '' && !releases.has(version)) releases.set(version, new Date(day));
    }
  } catch {
    // Only their age is unknown then.
  }
  return releases;
}
