import { existsSync } from 'node:fs';
import { findProgram, run } from './programs.ts';
import type { Ladder, Running } from './service.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const onMacOs = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** The ways to a Chromium; its "url" is the program's path. Nothing runs until a test starts it. */
export const chromium: Ladder = {
  name: 'Chromium',
  variable: 'CHROMIUM_PATH',
  packages: ['chromium', 'fonts-liberation'],
  async given() {
    const path = process.env.CHROMIUM_PATH;
    if (!path) return null;
    if (await works(path)) return found(path);
    throw new Error(`${path} is no Chromium that starts.`);
  },
  async installed() {
    const path = await findProgram(names);
    if (path !== null && (await works(path)) && (await hasFonts())) return found(path);
    return existsSync(onMacOs) ? found(onMacOs) : null;
  },
  /** A browser in a container would not see pages served on 127.0.0.1. */
  async docker() {
    return null;
  },
};

/** A sans serif of the usual width, such as every system of a reader has and a bare server may not: pages are measured with it. */
async function hasFonts(): Promise<boolean> {
  const families = await run('fc-list', [':', 'family'], { timeoutMs: 20_000 });
  return families.code !== 0 || /Liberation Sans|Arial|Roboto|Helvetica Neue/.test(families.output);
}

function found(path: string): Running {
  return { url: path, stop: async () => undefined };
}

/** Some systems ship a script by this name that only says how to install it. */
async function works(path: string): Promise<boolean> {
  const version = await run(path, ['--version'], { timeoutMs: 20_000 });
  return version.code === 0 && /chrom/i.test(version.output);
}
