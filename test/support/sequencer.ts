import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that a run should not be left to wait for at its end; a fresh clone knows of no file how long it takes. */
const LONG = [
  /\/chaos\.test\./,
  /\/delivery\.test\./,
  /\/kill\.test\./,
  /\/start\.test\./,
  /\/join\.test\./,
  /\/build\.test\./,
];

/** Starts the long files first, and the others in vitest's own order. */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const place = LONG.findIndex((pattern) => pattern.test(moduleId));
  return place === -1 ? LONG.length : place;
}
