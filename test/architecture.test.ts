import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { faultsOf, packageOf } from './support/arrows.ts';
import { repository } from './support/child.ts';
import { PRODUCTION } from './support/dependencies/reasons-production.ts';
import { type Module, readModules } from './support/modules.ts';

const roots = ['config', 'src', 'workers'];

/** Every file of the product that is code, by its path. */
function tree(): Map<string, string> {
  const paths = roots.flatMap((root) =>
    readdirSync(join(repository, root), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.[cm]?[jt]sx?$/.test(path))
      .map((path) => join(root, path).replaceAll('\\', '/')),
  );
  return new Map(paths.map((path) => [path, readFileSync(join(repository, path), 'utf8')]));
}

describe('the house', () => {
  let modules: Module[];
  beforeAll(() => {
    modules = readModules(tree());
  });

  it('has no arrow, no read and no cycle that its rules forbid', () => {
    expect(modules.length).toBeGreaterThan(20);
    const faults = faultsOf(modules).map(({ where, what }) => `${where}: ${what}`);
    expect(faults).toEqual([]);
  });

  it('imports the packages that production installs, and no others', () => {
    const text = readFileSync(join(repository, 'package.json'), 'utf8');
    const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> };
    const imported = modules.flatMap(({ imports }) =>
      imports.filter((one) => !one.typeOnly).map((one) => packageOf(one.specifier)),
    );
    // Used without an import that is left when the program runs: what JSX becomes, and files of data.
    const named = Object.keys(dependencies).filter((name) => PRODUCTION[name]?.namedIn);
    const packages = new Set([...imported.filter((name) => name !== null), ...named]);
    expect([...packages].sort()).toEqual(Object.keys(dependencies).sort());
  });

  it('loads the decoder of pictures with the first picture, and not when it starts', () => {
    const statically = /^(?:import|export)\s(?!type\s)[^;]*from 'sharp';/m;
    expect(statically.test("import sharp, {\n  type Sharp,\n} from 'sharp';")).toBe(true);
    const users = [...tree()].filter(
      ([path, text]) => !path.startsWith('src/build/') && text.includes("'sharp'"),
    );
    expect(users.map(([path]) => path)).toEqual(['src/actions/campaign/encode-picture.ts']);
    for (const [path, text] of users) expect(statically.test(text), path).toBe(false);
  });
});

/** The faults of a small tree, each file given as text. */
function faults(files: Record<string, string>): string[] {
  return faultsOf(readModules(new Map(Object.entries(files)))).map(
    ({ where, what }) => `${where}: ${what}`,
  );
}

/** A file that imports another; the path is relative to it. */
const importing = (path: string) => `import { thing } from '${path}';\nexport const mine = thing;`;

describe('an arrow that is forbidden', () => {
  it.each([
    ['src/store/pledge.ts', '../queue/jobs.ts'],
    ['src/store/pledge.ts', '../platforms/platform.ts'],
    ['src/store/pledge.ts', '../actions/join/join.ts'],
    ['src/queue/jobs.ts', '../store/pledge.ts'],
    ['src/queue/jobs.ts', '../platforms/platform.ts'],
    ['src/platforms/x/post.ts', '../../store/pledge.ts'],
    ['src/platforms/index.ts', '../queue/jobs.ts'],
    ['src/actions/join/join.ts', '../../http/app.ts'],
    ['src/actions/join/join.ts', '../delivery/fire-shard.ts'],
    ['src/actions/stop/pause.ts', '../upkeep/sweep.ts'],
    ['src/actions/delivery/burst/lane.ts', '../fire-shard.ts'],
    ['src/actions/join.ts', './join/start-join.ts'],
    ['src/outbound/ask.ts', '../platforms/platform.ts'],
    ['src/outbound/wire/sender.ts', '../ask.ts'],
    ['src/outbound/ask.ts', '../store/pledge.ts'],
    ['src/actions/join/join.ts', '../../web/page.tsx'],
    ['src/actions/join/join.ts', '../../../workers/main.ts'],
    ['src/http/app.ts', '../store/pledge.ts'],
    ['src/http/app.ts', '../queue/jobs.ts'],
    ['src/http/app.ts', '../platforms/platform.ts'],
    ['workers/main.ts', '../src/store/pledge.ts'],
    ['workers/main.ts', '../src/http/app.ts'],
    ['src/cli/main.ts', '../store/pledge.ts'],
    ['src/cli/main.ts', '../http/app.ts'],
    ['src/web/page.tsx', '../store/pledge.ts'],
    ['src/web/page.tsx', '../actions/join/join.ts'],
    ['src/web/page.tsx', '../../config/config.ts'],
    ['src/domain/moment.ts', '../store/pledge.ts'],
    ['src/domain/moment.ts', '../../config/config.ts'],
    ['config/config.ts', '../src/domain/moment.ts'],
    ['config/config.ts', '../src/store/pledge.ts'],
    ['src/simulator/server.ts', '../domain/moment.ts'],
    ['src/simulator/server.ts', '../../config/config.ts'],
    ['src/demo/main.ts', '../simulator/server.ts'],
    ['src/demo/main.ts', '../actions/join/join.ts'],
    ['src/log.ts', './domain/moment.ts'],
    ['src/context.ts', './actions/join/join.ts'],
    ['src/run.ts', './actions/join/join.ts'],
    ['src/version.ts', './log.ts'],
    ['src/actions/join/join.ts', '../../instance.ts'],
    ['src/http/app.ts', '../run.ts'],
    ['src/store/pledge.ts', './../run.ts'],
    ['src/store/pledge.ts', '../../test/support/database.ts'],
    ['src/store/pledge.ts', '../../../elsewhere.ts'],
  ])('%s -> %s', (from, to) => {
    expect(faults({ [from]: importing(to) })).toHaveLength(1);
  });

  it.each([
    ["import '../queue/jobs.ts';"],
    ["import type { Job } from '../queue/jobs.ts';"],
    ["import { type Job } from '../queue/jobs.ts';"],
    ["import * as jobs from '../queue/jobs.ts';"],
    ["import jobs from '../queue/jobs.ts' with { type: 'json' };"],
    ["export { jobs } from '../queue/jobs.ts';"],
    ["export * from '../queue/jobs.ts';"],
    ["export type { Job } from '../queue/jobs.ts';"],
    ["export const jobs = await import('../queue/jobs.ts');"],
    ['export const jobs = await import(`../queue/jobs.ts`);'],
    ["export type Job = import('../queue/jobs.ts').Job;"],
    ["export type Jobs = typeof import('../queue/jobs.ts');"],
    ["import jobs = require('../queue/jobs.ts');"],
    ["export const jobs = require('../queue/jobs.ts');"],
    ["export const thread = new URL('../queue/jobs.ts', import.meta.url);"],
  ])('is seen in the form %s', (text) => {
    expect(faults({ 'src/store/pledge.ts': text })).toEqual([
      'src/store/pledge.ts:1: src/store/ must not import src/queue/ (src/queue/jobs.ts)',
    ]);
  });

  it.each([
    ["// import '../queue/jobs.ts';"],
    ["/* import '../queue/jobs.ts'; */"],
    ['export const text = "import \'../queue/jobs.ts\';";'],
    ["export const text = `import '../queue/jobs.ts';`;"],
    ["export const pattern = /import '..\\/queue'/;"],
  ])('is not seen in %s', (text) => {
    expect(faults({ 'src/store/pledge.ts': text })).toEqual([]);
  });

  it('is seen in JavaScript too', () => {
    const text = "import '../queue/jobs.ts';\nexport const now = () => process.env.TZ;";
    expect(faults({ 'src/store/thread.js': text })).toHaveLength(2);
  });

  it('is told with its line', () => {
    const text = "// A comment.\n\nimport { a } from './a.ts';\nimport { b } from '../queue/b.ts';";
    expect(faults({ 'src/store/pledge.ts': text })[0]).toMatch(/^src\/store\/pledge\.ts:4: /);
  });
});

describe('an arrow that is allowed', () => {
  it.each([
    ['src/store/pledge.ts', '../domain/delivery.ts'],
    ['src/store/pledge.ts', './schema.ts'],
    ['src/store/pledge.ts', '../../config/secrets.ts'],
    ['src/actions/join/join.ts', '../../store/pledge.ts'],
    ['src/actions/join/join.ts', '../../platforms/index.ts'],
    ['src/actions/join/join.ts', '../../context.ts'],
    ['src/http/app.ts', '../actions/join/join.ts'],
    ['src/http/app.ts', '../web/page.tsx'],
    ['src/http/app.ts', '../../package.json'],
    ['workers/main.ts', '../src/actions/delivery/fire.ts'],
    ['workers/main.ts', '../src/queue/queues.ts'],
    ['src/cli/main.ts', '../actions/campaign/create.ts'],
    ['src/platforms/index.ts', './x/x.ts'],
    ['src/platforms/x/x.ts', '../platform.ts'],
    ['src/platforms/x/x.ts', './limits.ts'],
    ['src/simulator/main.ts', './client.ts'],
    ['src/simulator/client.ts', './record.ts'],
    ['src/demo/main.ts', '../simulator/client.ts'],
    ['config/config.ts', '../src/domain/errors.ts'],
    ['src/context.ts', './store/database.ts'],
    ['src/main.ts', './run.ts'],
    ['src/instance.ts', './http/app.ts'],
    ['src/instance.ts', '../workers/start-workers.ts'],
    ['workers/main.ts', '../src/run.ts'],
    ['src/domain/moment.ts', './errors.ts'],
  ])('%s -> %s', (from, to) => {
    expect(faults({ [from]: importing(to) })).toEqual([]);
  });
});

describe('a folder without a rule', () => {
  it.each(['src/helpers/date.ts', 'src/utils.ts', 'src/plugins/x/y/z.tsx'])('%s', (path) => {
    expect(faults({ [path]: 'export {};' })).toEqual([
      `${path}: no rule names its folder; add one to the table`,
    ]);
  });
});

describe('a cycle', () => {
  it('of two files, of three, and of a file with itself is told once, with its way', () => {
    const two = { 'src/store/a.ts': importing('./b.ts'), 'src/store/b.ts': importing('./a.ts') };
    expect(faults(two)).toEqual([
      'src/store/a.ts: imports itself: src/store/a.ts -> src/store/b.ts -> src/store/a.ts',
    ]);
    const three = {
      'src/web/a.tsx': importing('./b.tsx'),
      'src/web/b.tsx': importing('./c.tsx'),
      'src/web/c.tsx': importing('./a.tsx'),
      'src/web/d.tsx': importing('./a.tsx'),
    };
    expect(faults(three)).toHaveLength(1);
    expect(faults({ 'src/web/a.tsx': importing('./a.tsx') })).toHaveLength(1);
  });

  it('is not two ways to the same file', () => {
    const diamond = {
      'src/store/a.ts': `${importing('./b.ts')}\nimport './c.ts';`,
      'src/store/b.ts': importing('./d.ts'),
      'src/store/c.ts': importing('./d.ts'),
      'src/store/d.ts': 'export const thing = 1;',
    };
    expect(faults(diamond)).toEqual([]);
  });
});

describe('the domain', () => {
  it.each([
    ['Date.now()', 'Date.now()'],
    ['new Date()', 'new Date()'],
    ['new Date', 'new Date()'],
    ['Date()', 'Date()'],
    ['Math.random()', 'Math.random()'],
    ['globalThis.Math.random()', 'Math.random()'],
    ['performance.now()', 'performance.now()'],
    ['DateTime.now()', 'DateTime.now()'],
    ['DateTime.utc()', 'DateTime.utc()'],
    ['crypto.randomUUID()', 'crypto.randomUUID()'],
    ["fetch('https://example.org')", 'fetch()'],
    ['setTimeout(() => undefined, 1)', 'setTimeout()'],
  ])('has no %s', (expression, what) => {
    expect(faults({ 'src/domain/moment.ts': `export const value = ${expression};` })).toEqual([
      `src/domain/moment.ts:1: ${what} in pure code`,
    ]);
    expect(faults({ 'src/actions/join/join.ts': `export const value = ${expression};` })).toEqual(
      [],
    );
  });

  it.each(['new Date(0)', 'Date.UTC(2017, 6, 10)', 'DateTime.utc(2017)', '{ now: new Date(1) }'])(
    'may say %s',
    (expression) => {
      expect(faults({ 'src/domain/moment.ts': `export const value = ${expression};` })).toEqual([]);
    },
  );

  it.each([
    "import { readFileSync } from 'node:fs';",
    "import { request } from 'node:http';",
    "import { connect } from 'net';",
    "import pg from 'pg';",
    "import { Kysely } from 'kysely';",
    "import { randomUUID } from 'node:crypto';",
    "import type { FastifyInstance } from 'fastify';",
  ])('has no %s', (text) => {
    expect(faults({ 'src/domain/moment.ts': text })).toHaveLength(1);
  });

  it.each([
    "import { DateTime } from 'luxon';",
    "import { createHash } from 'node:crypto';",
    "import { Value } from 'typebox/value';",
  ])('may say %s', (text) => {
    expect(faults({ 'src/domain/moment.ts': text })).toEqual([]);
  });
});

describe('the environment', () => {
  it.each([
    'export const port = process.env.PORT;',
    "export const port = process['env'].PORT;",
    'export const { PORT } = process.env;',
    'export const port = globalThis.process.env.PORT;',
    "import { env } from 'node:process';",
  ])('is read by config alone: %s', (text) => {
    expect(faults({ 'src/actions/join/join.ts': text })).toEqual([
      'src/actions/join/join.ts:1: only config/ reads process.env',
    ]);
    expect(faults({ 'config/env.ts': text })).toEqual([]);
  });
});

describe('a platform', () => {
  const x = { 'src/platforms/x/x.ts': "export const name = 'x';" };

  it.each([
    "export const is = (name: string) => name === 'x';",
    "export const is = (name: string) => 'x' !== name;",
    "export const is = (name: string) => { switch (name) { case 'x': return 1; } };",
  ])('is known to its own folder alone: %s', (text) => {
    expect(faults({ ...x, 'src/actions/join/join.ts': text })).toEqual([
      "src/actions/join/join.ts:1: only its own folder knows the platform 'x'",
    ]);
    expect(faults({ ...x, 'src/platforms/mastodon/post.ts': text })).toHaveLength(1);
    expect(faults({ ...x, 'src/platforms/x/post.ts': text })).toEqual([]);
    expect(faults({ ...x, 'src/simulator/server.ts': text })).toEqual([]);
  });

  it('may be named where nothing is decided by it', () => {
    expect(
      faults({ ...x, 'src/web/a.tsx': "export const label = { x: 'X', name: 'x' };" }),
    ).toEqual([]);
  });

  it('is reached through the registry alone', () => {
    const way = 'a platform is reached through src/platforms/index.ts alone';
    expect(faults({ 'src/actions/join/join.ts': importing('../../platforms/x/x.ts') })).toEqual([
      `src/actions/join/join.ts:1: imports src/platforms/x/x.ts; ${way}`,
    ]);
    expect(faults({ 'src/platforms/bluesky/post.ts': importing('../x/x.ts') })).toHaveLength(1);
  });
});

describe('a file that is no TypeScript', () => {
  it('is an error, not an empty file', () => {
    expect(() => faults({ 'src/store/pledge.ts': 'import { from' })).toThrow(/is not TypeScript/);
  });
});
