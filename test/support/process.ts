import { atEnd } from './at-end.ts';
import { type Child, type ChildOptions, startChild } from './child.ts';

export type { Child, Exit } from './child.ts';

/**
 * Starts a process of the product for this test (or, outside one, this file); at the end it is killed with everything
 * it started. A process that ended and left another one running makes the test red.
 */
export async function startProcess(options: ChildOptions): Promise<Child> {
  const child = await startChild(options);
  atEnd(async () => {
    const outlived = await child.sweep();
    if (outlived.length === 0) return;
    throw new Error(
      `Process ${child.pid} (${options.args.join(' ')}) ended and left ${outlived.join(', ')} running. It said:\n${child.output()}`,
    );
  });
  return child;
}
