import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the files are that are served under /assets/. */
export const assetsDir = fileURLToPath(new URL('./assets', import.meta.url));

const versions = new Map(
  readdirSync(assetsDir, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => {
      const content = readFileSync(`${assetsDir}/${name}`);
      return [name, createHash('sha256').update(content).digest('hex').slice(0, 10)];
    }),
);

/** The address of a file in assets, with its content's hash so that it can be cached for ever. */
export function assetUrl(name: string): string {
  const version = versions.get(name);
  if (!version) throw new Error(`no asset ${name}`);
  return `/assets/${name}?v=${version}`;
}
