import { cp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PROGRAMS } from '../../src/build/build.mjs';
import { repository } from '../support/child.ts';
import { startProcess } from '../support/process.ts';
import { tempFolder } from '../support/temp.ts';
import { onlyInFull } from '../support/tier.ts';

const SOURCES = ['package.json', 'package-lock.json', 'tsconfig.json', 'config', 'src', 'workers'];

/** A checkout as `npm ci --ignore-scripts` leaves it: the sources and the packages, and nothing built. */
async function checkout(): Promise<string> {
  const top = await tempFolder('checkout');
  for (const name of SOURCES)
    await cp(join(repository, name), join(top, name), { recursive: true });
  await symlink(join(repository, 'node_modules'), join(top, 'node_modules'));
  return top;
}

async function run(top: string, ...args: string[]) {
  const child = await startProcess({ args, cwd: top });
  const { code } = await child.exit;
  return { code, stdout: child.stdout(), output: child.output() };
}

describe('the build', () => {
  let top: string;
  beforeAll(async () => {
    top = await checkout();
  });
  const tocsin = () => run(top, 'src/build/run.mjs', 'tocsin', '--help');

  it('is made by the first start where no script of npm’s has made it, which says so, and by none after', async () => {
    const first = await tocsin();
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('USAGE tocsin') });
    expect(first.output).toMatch(/^Building dist\/ from the sources …$/m);
    const second = await tocsin();
    expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining('USAGE tocsin') });
    expect(second.output).not.toContain('Building');
  });

  it('has every program, and none of a test', async () => {
    const built = (await readdir(join(top, 'dist'))).filter((name) => !name.startsWith('chunks-'));
    const programs = Object.keys(PROGRAMS).map((name) => `${name}.js`);
    expect(built.sort()).toEqual([...programs, '.manifest.json', 'assets', 'migrations'].sort());
  });

  it('has the packages of hundreds of files in it, and imports the others', async () => {
    const files = (await readdir(join(top, 'dist'))).filter((name) => name.endsWith('.js'));
    const texts = await Promise.all(files.map((name) => readFile(join(top, 'dist', name), 'utf8')));
    const all = texts.join('\n');
    expect(all).toMatch(/^import .* from "fastify";$/m);
    expect(all).not.toMatch(/ from "(kysely|typebox)["/]/);
  });

  onlyInFull(() => {
    it('is made anew when a source has changed, and leaves nothing of the old one', async () => {
      const file = join(top, 'src/cli/main.ts');
      const before = await readFile(file, 'utf8');
      await writeFile(file, `${before}\nconsole.error('changed');\n`);
      const changed = await tocsin();
      expect(changed.code).toBe(0);
      expect(changed.output).toMatch(/Building[\s\S]*changed/);
      await writeFile(file, before);
      expect((await tocsin()).output).not.toContain('changed');
      const fresh = await checkout();
      await run(fresh, 'src/build/main.mjs');
      expect((await readdir(join(top, 'dist'))).sort()).toEqual(
        (await readdir(join(fresh, 'dist'))).sort(),
      );
    });
  });

  onlyInFull(() => {
    it('has the migrations and assets of the sources, and none that are gone from them', async () => {
      const extra = ['src/store/migrations/9999_gone.sql', 'src/web/assets/gone.css'];
      for (const file of extra) await writeFile(join(top, file), '-- gone');
      expect((await tocsin()).output).toContain('Building');
      for (const file of extra) await rm(join(top, file));
      expect((await tocsin()).output).toContain('Building');
      for (const name of ['store/migrations', 'web/assets']) {
        const built = await readdir(join(top, 'dist', basename(name)), { recursive: true });
        const inSources = await readdir(join(top, 'src', name), { recursive: true });
        expect(built.sort()).toEqual(inSources.sort());
      }
    });
  });

  onlyInFull(() => {
    it('is made anew where a part of it is missing or cut off, and always by npm run build', async () => {
      const chunk = (await readdir(join(top, 'dist'))).find((name) => name.startsWith('chunks-'));
      const path = join(top, 'dist', chunk ?? '');
      await rm(path);
      expect(await tocsin()).toMatchObject({
        code: 0,
        output: expect.stringContaining('Building'),
      });
      await writeFile(path, '');
      expect(await tocsin()).toMatchObject({
        code: 0,
        output: expect.stringContaining('Building'),
      });
      const manifest = join(top, 'dist', '.manifest.json');
      for (const damaged of ['', 'null', '{"sources":', '[]', '{}']) {
        await writeFile(manifest, damaged);
        const mended = await tocsin();
        expect(mended, damaged).toMatchObject({ code: 0 });
        expect(mended.output).toContain('Building');
      }
      const whole = await readFile(path, 'utf8');
      await writeFile(path, whole.replaceAll(/\w/g, 'x'));
      expect(await run(top, 'src/build/main.mjs')).toMatchObject({ code: 0 });
      expect(await readFile(path, 'utf8')).toBe(whole);
    });
  });

  onlyInFull(() => {
    it('is whole when several starts make it at the same time', async () => {
      await rm(join(top, 'dist'), { recursive: true });
      for (const one of await Promise.all([tocsin(), tocsin(), tocsin()])) {
        expect(one, one.output).toMatchObject({
          code: 0,
          stdout: expect.stringContaining('USAGE tocsin'),
        });
      }
    });
  });

  onlyInFull(() => {
    it('is said not to be possible, with the reason, where a source does not compile', async () => {
      const file = join(top, 'src/version.ts');
      const before = await readFile(file, 'utf8');
      await writeFile(file, 'export const VERSION: string = ;\n');
      const broken = await tocsin();
      await writeFile(file, before);
      expect(broken.code).toBe(78);
      expect(broken.output).toMatch(/^dist\/ could not be built: /m);
      expect(broken.output).toContain('src/version.ts');
      expect((await tocsin()).code).toBe(0);
    });
  });

  it('names the packages where they are not installed', async () => {
    const bare = await checkout();
    await rm(join(bare, 'node_modules'));
    const lacking = await run(bare, 'src/build/run.mjs', 'main');
    expect(lacking.code).toBe(78);
    expect(lacking.output).toContain('esbuild is not installed');
    expect(lacking.output).toContain('npm ci');
  });

  it('names the programs where it is asked for another', async () => {
    const lacking = await run(top, 'src/build/run.mjs', 'nonsense');
    expect(lacking).toMatchObject({ code: 2, stdout: '' });
    expect(lacking.output).toMatch(
      /^There is no program "nonsense"; there are main, worker, .*\n$/,
    );
  });

  it('runs without the sources, as in the image', async () => {
    for (const name of ['src', 'workers', 'config']) await rm(join(top, name), { recursive: true });
    const said = await run(top, 'dist/tocsin.js', '--help');
    expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining('USAGE tocsin') });
  });
});
