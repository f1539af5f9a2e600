import { type Browser, chromium } from 'playwright-core';

/** Quiet, self-contained and the same everywhere: it asks nobody for anything but the page. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Starts the Chromium at `path`, headless; whoever starts it closes it. */
export async function launchChromium(path: string): Promise<Browser> {
  // Chromium has no sandbox for root, which is who containers run as.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: path, args: [...QUIET, ...asRoot] });
}
