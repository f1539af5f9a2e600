import { beforeAll, expect, it } from 'vitest';
import { pauseSending } from '../../../src/actions/stop/pause-sending.ts';
import { releaseRestored } from '../../../src/actions/stop/release-restored.ts';
import { resumeSending } from '../../../src/actions/stop/resume-sending.ts';
import { ConflictError } from '../../../src/domain/errors.ts';
import { needs } from '../../support/database.ts';
import {
  isHeldForRestore,
  isSettled,
  type RestoreStage,
  startRestoreStage,
  untilOver,
  untilReleased,
} from '../../support/restore-stage.ts';
import { FULL, firstOf, onlyInFull } from '../../support/tier.ts';
import { waitFor } from '../../support/wait-for.ts';

/** One that can be asked for the very post, one whose timeline anybody may read, one that shows nothing without the grant. */
const PLATFORMS = ['bluesky', 'mastodon', 'x'] as const;
const PEOPLE = FULL ? 60 : 12;
/** Times to which the database is put back. */
const POINTS = FULL ? 50 : 3;

needs('postgres')('R17 a database that is put back to an earlier time', () => {
  let stage: RestoreStage;
  let points: string[] = [];

  beforeAll(async () => {
    stage = await startRestoreStage(PLATFORMS, PEOPLE);
    const { first } = stage;
    await stage.begin();
    const all: string[] = [await stage.backUp()];
    await first.start();
    while (!(await isSettled(first))) {
      all.push(await stage.backUp());
      if (all.length > 500) throw new Error('The campaign does not settle');
    }
    await first.stop();
    // The first, before the lock; the last, when nearly everything was known; and those between.
    points = Array.from(
      { length: POINTS },
      (_, i) => all[Math.floor((i * (all.length - 1)) / (POINTS - 1))] ?? '',
    );
  });

  it('goes out to each person once, as it should', async () => {
    for (const platform of PLATFORMS) expect((await stage.posts(platform)).size).toBe(PEOPLE);
  });

  it.each(Array.from({ length: POINTS }, (_, point) => point))(
    'A16 sends nothing twice when it is put back, time %i around the burst',
    async (point) => {
      const machine = await stage.putBack(points[point] ?? '');
      await machine.start();
      expect(await isHeldForRestore(machine)).toBe(true);
      // Lifting pauses is not enough.
      await resumeSending(machine.ctx, { scope: 'instance', subject: '', actor: 'vera' });
      expect(await isHeldForRestore(machine)).toBe(true);
      await untilReleased(machine);
      await untilOver(machine);
      for (const platform of PLATFORMS) {
        const counts = [...(await stage.posts(platform)).values()];
        expect(counts, platform).toEqual(Array(PEOPLE).fill(1));
      }
      const { posted = 0, unconfirmed = 0, ...others } = await machine.states();
      expect(others).toEqual({});
      expect(posted + unconfirmed).toBe(PEOPLE * PLATFORMS.length);
      await machine.stop();
    },
  );
});

needs('postgres')('a database that is put back while posts were still owed', () => {
  it('A16 sends what never went out, once it is let go', async () => {
    const stage = await startRestoreStage(['bluesky', 'mastodon'], PEOPLE);
    await stage.begin();
    const before = await stage.backUp();
    await stage.first.start();
    const some = async () => (await stage.posts('bluesky')).size > 0;
    await waitFor(some, { timeoutMs: 60_000, everyMs: 20, what: 'the first posts' });
    await stage.first.stop();
    const machine = await stage.putBack(before);
    await machine.start();
    const early = await releaseRestored(machine.ctx, { actor: 'vera' }).catch((error) => error);
    expect(early).toBeInstanceOf(ConflictError);
    await untilReleased(machine);
    await untilOver(machine);
    expect(await machine.states()).toEqual({ posted: 2 * PEOPLE });
    for (const platform of ['bluesky', 'mastodon'] as const) {
      expect([...(await stage.posts(platform)).values()]).toEqual(Array(PEOPLE).fill(1));
    }
  });

  onlyInFull(() => {
    it('A16 is not held when it is the newest, however its processes ended', async () => {
      const stage = await startRestoreStage(['bluesky'], PEOPLE);
      await stage.first.start();
      await stage.begin();
      const settled = () => isSettled(stage.first);
      await waitFor(settled, { timeoutMs: 60_000, what: 'the campaign to settle' });
      // Its workers live on for a while, as they do while a backup is made.
      const newest = await stage.backUp();
      await stage.first.stop();
      const machine = await stage.putBack(newest);
      await machine.start();
      expect(await isHeldForRestore(machine)).toBe(false);
    });
  });

  it.each(firstOf(['campaign', 'platform', 'instance'] as const, 1))(
    'A16 is held when it is from before somebody paused the %s, which it does not know of',
    async (scope) => {
      const stage = await startRestoreStage(['bluesky'], 1);
      const { first, campaign } = stage;
      await first.start();
      const before = await stage.backUp();
      const subject = { campaign: campaign.slug, platform: 'bluesky', instance: '' }[scope];
      await pauseSending(first.ctx, { scope, subject, actor: 'vera' });
      await first.stop();
      const machine = await stage.putBack(before);
      await machine.start();
      expect(await isHeldForRestore(machine)).toBe(true);
    },
  );
});
