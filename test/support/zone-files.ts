import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tempFolder } from './temp.ts';

/** A zone as a test has it: what holds before the first change, the changes, and what holds after the last of them. */
export interface ZoneOnFile {
  /** Minutes east of UTC. */
  offset: number;
  /** RFC 3339, and minutes east of UTC from then on. */
  changes?: readonly (readonly [at: string, offset: number])[];
  /** As the TZ variable has it: `CET-1CEST,M3.5.0,M10.5.0/3`. */
  footer?: string;
}

/** A folder of compiled zone files that says which edition it is, as a system has it; null: it does not say. */
export async function zoneFolder(
  version: string | null,
  zones: Readonly<Record<string, ZoneOnFile>>,
): Promise<string> {
  const folder = await tempFolder('zoneinfo');
  await writeZones(folder, version, zones);
  return folder;
}

/** Replaces what is in such a folder. */
export async function writeZones(
  folder: string,
  version: string | null,
  zones: Readonly<Record<string, ZoneOnFile>>,
): Promise<void> {
  for (const [name, zone] of Object.entries(zones)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, zoneFile(zone));
  }
  if (version !== null)
    await writeFile(join(folder, 'tzdata.zi'), `# version ${version}\n# This is a test.\n`);
}

/** A zone as TZif (RFC 9636), with an empty first block as zic writes it. */
export function zoneFile({ offset, changes = [], footer = '' }: ZoneOnFile): Buffer {
  const offsets = [...new Set([offset, ...changes.map(([, to]) => to)])];
  const characters = Buffer.from('T\0');
  const types = offsets.map((minutes) => {
    const type = Buffer.alloc(6);
    type.writeInt32BE(minutes * 60);
    return type;
  });
  const times = changes.map(([at]) => {
    const time = Buffer.alloc(8);
    time.writeBigInt64BE(BigInt(Date.parse(at) / 1_000));
    return time;
  });
  const indexes = Buffer.from(changes.map(([, to]) => offsets.indexOf(to)));
  const v1 = [head(0, 1, 1), Buffer.alloc(6), Buffer.from('\0')];
  const v2 = [head(times.length, types.length, 2), ...times, indexes, ...types, characters];
  return Buffer.concat([...v1, ...v2, Buffer.from(`\n${footer}\n`)]);
}

function head(times: number, types: number, characters: number): Buffer {
  const bytes = Buffer.alloc(44);
  bytes.write('TZif2');
  for (const [index, count] of [0, 0, 0, times, types, characters].entries()) {
    bytes.writeUInt32BE(count, 20 + 4 * index);
  }
  return bytes;
}
