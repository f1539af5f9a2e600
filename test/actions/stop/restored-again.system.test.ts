import { expect, it } from 'vitest';
import { pauseSending } from '../../../src/actions/stop/pause-sending.ts';
import { countToLook } from '../../../src/store/stop/restored.ts';
import { needs } from '../../support/database.ts';
import {
  isHeldForRestore,
  isSettled,
  type RestoreStage,
  startRestoreStage,
  untilOver,
  untilReleased,
} from '../../support/restore-stage.ts';
import { waitFor } from '../../support/wait-for.ts';

const PLATFORMS = ['bluesky', 'mastodon'] as const;
const PEOPLE = 12;

async function expectOneEach(stage: RestoreStage): Promise<void> {
  for (const platform of PLATFORMS) {
    expect([...(await stage.posts(platform)).values()], platform).toEqual(Array(PEOPLE).fill(1));
  }
}

/** Puts a backup back after everything has gone out, and lets sending go on as an operator does. */
async function putBackAgain(stage: RestoreStage, file: string): Promise<void> {
  const machine = await stage.putBack(file);
  await machine.start();
  expect(await isHeldForRestore(machine)).toBe(true);
  await untilReleased(machine);
  await untilOver(machine);
  await expectOneEach(stage);
  expect(await machine.states()).toEqual({ posted: PEOPLE * PLATFORMS.length });
}

needs('postgres')('A16 a backup that was made while a restored database was held', () => {
  it('A16 sends nothing twice when the moment came after that hold', async () => {
    const stage = await startRestoreStage(PLATFORMS, PEOPLE);
    await stage.begin(20_000);
    const before = await stage.backUp();
    await stage.first.start();
    // The database from before it is held.
    await pauseSending(stage.first.ctx, { scope: 'instance', subject: '', actor: 'vera' });
    await stage.first.stop();
    const second = await stage.putBack(before);
    await second.start();
    expect(await isHeldForRestore(second)).toBe(true);
    const held = await stage.backUp(second);
    await untilReleased(second);
    await waitFor(() => isSettled(second), { timeoutMs: 60_000, what: 'the campaign to settle' });
    await second.stop();
    await expectOneEach(stage);
    await putBackAgain(stage, held);
  });

  it('A16 sends nothing twice of what had been looked for, and was sent afterwards', async () => {
    const stage = await startRestoreStage(PLATFORMS, PEOPLE);
    await stage.begin();
    const before = await stage.backUp();
    await stage.first.start();
    await pauseSending(stage.first.ctx, { scope: 'instance', subject: '', actor: 'vera' });
    const isFiring = async (): Promise<boolean> =>
      (await stage.first.ctx.db.selectFrom('campaign').select('state').execute())[0]?.state ===
      'firing';
    await waitFor(isFiring, { timeoutMs: 60_000, what: 'the moment' });
    await stage.first.stop();
    const second = await stage.putBack(before);
    await second.start();
    const isLookedFor = async (): Promise<boolean> =>
      (await second.states()).armed === PEOPLE * PLATFORMS.length &&
      (await countToLook(second.ctx.db)) === 0;
    await waitFor(isLookedFor, { timeoutMs: 60_000, what: 'everything to be looked for' });
    const looked = await stage.backUp(second);
    await untilReleased(second);
    await waitFor(() => isSettled(second), { timeoutMs: 60_000, what: 'the campaign to settle' });
    await second.stop();
    await expectOneEach(stage);
    await putBackAgain(stage, looked);
  });
});
