import { repository } from '../child.ts';
import { run } from '../services/programs.ts';
import type { Fact } from './facts.ts';
import type { Line } from './lines.ts';

/** npm itself tries again for some minutes. */
const MAX_MS = 300_000;

/** What `npm view` gives of these fields. */
interface View {
  time: Record<string, string>;
  'dist-tags': { latest: string };
}

/** Asks npm's registry, by npm itself, when the version of a line came out, and which is the latest. @throws with npm's words. */
export async function askRegistry({ name, version }: Line): Promise<Omit<Fact, 'weight'>> {
  const { code, stdout, output } = await run(
    'npm',
    ['view', `${name}@${version}`, 'time', 'dist-tags', '--json'],
    { cwd: repository, timeoutMs: MAX_MS },
  );
  if (code !== 0) throw new Error(`npm view ${name}@${version} failed:\n${output.trim()}`);
  const { time, 'dist-tags': tags } = JSON.parse(stdout) as View;
  return {
    version,
    released: dayOf(time, version),
    latest: tags.latest,
    latestReleased: dayOf(time, tags.latest),
  };
}

function dayOf(time: View['time'], version: string): string {
  const at = time[version];
  if (at === undefined) throw new Error(`The registry does not say when ${version} came out.`);
  return new Date(at).toISOString().slice(0, 10);
}
