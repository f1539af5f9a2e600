import { CRASH_POINTS, type CrashPoint } from '../../src/crash.ts';
import { machine, markdown } from '../support/page.ts';

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

/** The table of what has been played, as Markdown. */
export function crashPage(played: readonly CrashPlayed[], times: number): string {
  const platforms = [...new Set(played.map(({ platform }) => platform))];
  const points = CRASH_POINTS.filter((point) => played.some((one) => one.point === point));
  const dead = (point: CrashPoint, platform: string): number =>
    played.filter((one) => one.died && one.point === point && one.platform === platform).length;
  const sum = (name: 'posts' | 'lost' | 'doubled' | 'early'): number =>
    played.reduce((total, one) => total + one[name], 0);
  return [
    '# Crash points',
    '',
    'This page is written by the test that kills workers at named points of their burst: where it begins, in its middle and',
    'towards its end, on every platform below. Somebody else then finishes what they left, and the simulator’s record is',
    'counted. X and Facebook take a post twice if it is sent twice; Mastodon and Bluesky know it again by its key, as the real',
    'ones do.',
    '',
    `    TIMES=${times} OUT=docs/crash-points.md npm test -- test/instance/crash-points.test.ts`,
    '',
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${machine()}.`,
    '',
    markdown(
      ['SIGKILL', ...platforms],
      points.map((point) => [point, ...platforms.map((platform) => dead(point, platform))]),
    ),
    '',
    `${sum('posts')} posts: ${sum('lost')} lost, ${sum('doubled')} doubled, ${sum('early')} early, and every one is in the ledger as posted.`,
    '',
  ].join('\n');
}
