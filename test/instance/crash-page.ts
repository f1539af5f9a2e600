import { CRASH_POINTS, type CrashPoint } from '../../src/crash.ts';
import { machine, markdown, writeSection } from '../support/page.ts';

/** What the platform has of one campaign of a victim; in the last one it died. */
export interface CrashPlayed {
  platform: string;
  point: CrashPoint;
  died: boolean;
  posts: number;
  lost: number;
  doubled: number;
  early: number;
}

/** A worker that died in the middle of a refresh, and what that cost. */
export interface RefreshPlayed {
  platform: string;
  /** Which of the refreshes it was. */
  nth: number;
  supporters: number;
  /** How many had to connect again. */
  dead: number;
  told: number;
}

const HEAD = `# Crash points

This page is written by the tests that kill workers at named points: in their burst, where it begins, in its middle and
towards its end, on every platform below; and in a refresh, where a platform gives a new pair for the old one. Somebody else
then finishes what they left, and the simulator’s record is counted. X and Facebook take a post twice if it is sent twice;
Mastodon and Bluesky know it again by its key, as the real ones do.
`;

/** Writes the table of what was played of bursts into this page. */
export async function writeBursts(
  out: string,
  played: readonly CrashPlayed[],
  times: number,
): Promise<void> {
  const platforms = [...new Set(played.map(({ platform }) => platform))];
  const points = CRASH_POINTS.filter((point) => played.some((one) => one.point === point));
  const dead = (point: CrashPoint, platform: string): number =>
    played.filter((one) => one.died && one.point === point && one.platform === platform).length;
  const sum = (name: 'posts' | 'lost' | 'doubled' | 'early'): number =>
    played.reduce((total, one) => total + one[name], 0);
  await writePart(out, 'crash-points', times, [
    markdown(
      ['SIGKILL', ...platforms],
      points.map((point) => [point, ...platforms.map((platform) => dead(point, platform))]),
    ),
    '',
    `${sum('posts')} posts: ${sum('lost')} lost, ${sum('doubled')} doubled, ${sum('early')} early, and every one is in the ledger as posted.`,
  ]);
}

/** The same of refreshes. */
export async function writeRefreshes(
  out: string,
  played: readonly RefreshPlayed[],
  times: number,
): Promise<void> {
  const cases = [...new Set(played.map(({ platform, nth }) => `${platform} ${nth}`))];
  const rows = cases.map((one) => {
    const [platform = '', nth = ''] = one.split(' ');
    const these = played.filter((p) => `${p.platform} ${p.nth}` === one);
    const sum = (name: 'supporters' | 'dead' | 'told'): number =>
      these.reduce((total, p) => total + p[name], 0);
    return [platform, nth, these.length, sum('supporters'), sum('dead'), sum('told')];
  });
  await writePart(out, 'kill-in-refresh', times, [
    markdown(
      ['platform', 'refresh', 'SIGKILL', 'supporters', 'have to connect again', 'were told so'],
      rows,
    ),
    '',
    'Mastodon’s and Facebook’s tokens are not refreshed. A new pair that only a dead worker knew is lost with it: at most one',
    'supporter a kill, who reads so on their receipt while there is time.',
  ]);
}

function writePart(out: string, test: string, times: number, lines: string[]): Promise<void> {
  const head = [
    `    TIMES=${times} OUT=${out} npm run test:full -- test/instance/${test}`,
    '',
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${machine()}.`,
    '',
  ];
  return writeSection(out, HEAD, test, [...head, ...lines].join('\n'));
}
