import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readZoneFile, type SecondsEast } from '../domain/zone/zone-file.ts';
import { releaseIn, type ZoneFault, type ZoneSource } from '../domain/zone/zone-rules.ts';

/** The system's own rules: a folder of compiled zone files. */
export interface SystemZones {
  source: ZoneSource;
  faults(): readonly ZoneFault[];
}

/** After how long a file is looked at again, since not all of them are replaced in one go. */
const TRUSTED_MS = 60_000;
/** The longest of IANA's has 4 kB. */
const MAX_BYTES = 256 * 1024;
/** No folders and no dots, so that a typed name cannot lead out of the folder. */
const NAME = /^[A-Za-z][\w+-]*(?:\/[\w+-]+){0,2}$/;
/** Copies of the whole folder, one of them with leap seconds. */
const COPIES = /^(?:posix|right)\//i;
const MEND =
  'Install the package tzdata of this system anew, or set TZDIR to a whole folder of zone files, with tzdata.zi or +VERSION in it.';

interface ReadZone {
  at: number;
  stamp: string;
  /** Null: there is none of that name, or it cannot be read. */
  offset: SecondsEast | null;
}

/** Null where there is no such folder, as in many containers. */
export function openSystemZones(dir: string): SystemZones | null {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return null;
  const { version, published } = readVersion(dir);
  const faults = new Map<string, ZoneFault>();
  if (version === null) {
    faults.set('', {
      what: `The zone rules in ${dir} do not say which edition they are`,
      mend: MEND,
    });
  }
  const zones = new Map<string, ReadZone>();
  const read = (name: string): SecondsEast | null => {
    const known = zones.get(name);
    if (known && performance.now() - known.at < TRUSTED_MS) return known.offset;
    const path = join(dir, name);
    const stats =
      NAME.test(name) && !COPIES.test(name) ? statSync(path, { throwIfNoEntry: false }) : undefined;
    const stamp = stats ? `${stats.mtimeMs} ${stats.size}` : '-';
    const at = performance.now();
    if (known?.stamp === stamp) {
      zones.set(name, { ...known, at });
      return known.offset;
    }
    let offset: SecondsEast | null = null;
    try {
      if (stats?.isFile() && stats.size <= MAX_BYTES) offset = readZoneFile(readFileSync(path));
      faults.delete(name);
    } catch (error) {
      faults.set(name, { what: `${path} is damaged: ${(error as Error).message}`, mend: MEND });
    }
    zones.set(name, { at, stamp, offset });
    return offset;
  };
  return {
    source: {
      kind: 'system',
      version,
      published,
      spelling: (name) => findSpelling(dir, name),
      offset: (zone, atMs) => {
        const seconds = read(zone)?.(Math.floor(atMs / 1_000));
        return seconds === undefined ? null : seconds / 60;
      },
    },
    faults: () => [...faults.values()],
  };
}

/** `# version 2026f` at the head of tzdata.zi, or a file that holds nothing else; its time is about that of the edition. */
function readVersion(dir: string): { version: string | null; published: Date | null } {
  for (const name of ['tzdata.zi', '+VERSION', 'version']) {
    try {
      const path = join(dir, name);
      const [line = ''] = readFileSync(path, 'utf8').split('\n', 1);
      const version = releaseIn(line.replace(/^#\s*version\s*/, ''));
      if (version !== null) return { version, published: statSync(path).mtime };
    } catch {
      // The next one may say it.
    }
  }
  return { version: null, published: null };
}

/** As the folder spells it, part for part. */
function findSpelling(dir: string, name: string): string | null {
  if (!NAME.test(name) || COPIES.test(name)) return null;
  const parts: string[] = [];
  for (const part of name.toLowerCase().split('/')) {
    try {
      const entries = readdirSync(join(dir, ...parts));
      const entry = entries.find((one) => one.toLowerCase() === part);
      if (entry === undefined) return null;
      parts.push(entry);
    } catch {
      return null;
    }
  }
  return statSync(join(dir, ...parts)).isFile() ? parts.join('/') : null;
}
