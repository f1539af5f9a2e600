import { onTestFinished, TestRunner } from 'vitest';

type Undo = () => unknown;

const ofFile: Undo[] = [];

/** Undoes what the file that is ending has asked for; the set-up of every file calls it (`setup.ts`). */
export async function endFile(): Promise<void> {
  const errors: unknown[] = [];
  for (const undo of ofFile.splice(0).reverse()) {
    await Promise.resolve()
      .then(undo)
      .catch((error: unknown) => errors.push(error));
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, 'Several clean-ups failed.');
}

/**
 * Runs `undo` when the test that called this ends or, called outside a test (in a hook, at the top), when its file ends;
 * the last registered runs first. An error in it makes the test, or the file, red.
 */
export function atEnd(undo: Undo): void {
  if (TestRunner.getCurrentTest() === undefined) {
    ofFile.push(undo);
    return;
  }
  onTestFinished(async () => {
    await undo();
  });
}
