import type { Ladder } from './service.ts';

/** The ways to a program that the tests which need it run; its "url" is its path. `find` gives null where this machine lacks it. */
export function programLadder(
  name: string,
  variable: string,
  packages: string[],
  find: () => Promise<string | null>,
): Ladder {
  const found = async (path: string | null | undefined) =>
    path ? { url: path, stop: async () => undefined } : null;
  return {
    ...{ name, variable, packages },
    given: () => found(process.env[variable]),
    installed: async () => found(await find()),
    docker: async () => null,
  };
}
