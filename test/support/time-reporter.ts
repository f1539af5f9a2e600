import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { slowestLines, type Timed } from './slowest.ts';

const SLOWEST = 20;

/** Says at the end of a run where its time went: the slowest files and tests, and what loading and set-up cost. */
export default class TimeReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const files: Timed[] = [];
    const tests: Timed[] = [];
    let importMs = 0;
    let hooksMs = 0;
    for (const module of modules) {
      const name = relative(process.cwd(), module.moduleId);
      const cost = module.diagnostic();
      const own = [...module.children.allTests()].map((test) => ({
        name: `${name}: ${test.fullName}`,
        ms: test.diagnostic()?.duration ?? 0,
      }));
      tests.push(...own);
      files.push({ name, ms: cost.collectDuration + cost.duration });
      importMs += cost.collectDuration + cost.setupDuration + cost.prepareDuration;
      hooksMs += cost.duration - own.reduce((sum, { ms }) => sum + ms, 0);
    }
    const seconds = (ms: number): string => (ms / 1000).toFixed(1);
    const lines = [
      `The slowest ${SLOWEST} files:`,
      ...slowestLines(files, SLOWEST),
      `The slowest ${SLOWEST} tests:`,
      ...slowestLines(tests, SLOWEST),
      `Set-up, summed over ${modules.length} files: loading modules ${seconds(importMs)} s, hooks ${seconds(hooksMs)} s.`,
    ];
    console.log(`\n${lines.join('\n')}`);
  }
}
