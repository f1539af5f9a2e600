import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { repository } from './support/child.ts';
import { noFacts } from './support/dependencies/facts.ts';
import { faultsOf } from './support/dependencies/faults.ts';
import type { Line } from './support/dependencies/lines.ts';
import { broughtOnlyBy, type Lock, type Locked } from './support/dependencies/lock.ts';
import { dependenciesPage } from './support/dependencies/page.ts';
import type { Reasons } from './support/dependencies/reason.ts';
import { type Survey, survey } from './support/dependencies/survey.ts';
import { usesOf } from './support/dependencies/uses.ts';
import { readModules } from './support/modules.ts';

describe('docs/dependencies.md', () => {
  let known: Survey;
  beforeAll(() => {
    known = survey();
  });

  it('has a reason, a use and a licence for every line of a package.json, and for no other package', () => {
    expect(known.lines.length).toBeGreaterThan(50);
    expect(faultsOf(known)).toEqual([]);
  });

  it('is what `npm run survey:dependencies -- --offline` writes', () => {
    const page = readFileSync(join(repository, 'docs/dependencies.md'), 'utf8');
    expect(page).toBe(dependenciesPage(known));
  });
});

/** The names of scripts that npm runs by itself when it installs: https://docs.npmjs.com/cli/using-npm/scripts#life-cycle-scripts. */
const RUN_BY_INSTALLING =
  /^(pre|post)?(install|prepare|dependencies|uninstall|prepublish|shrinkwrap)$/;

it('lets installing run the build, and no other script', () => {
  const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const own = Object.keys(scripts).filter((name) => RUN_BY_INSTALLING.test(name));
  expect(own).toEqual(['prepare']);
});

/** What is surveyed in a small tree; the package `one` has everything that it needs. */
interface Small {
  lines?: Partial<Line>[];
  code?: Record<string, string>;
  reasons?: Reasons;
  lock?: Record<string, Locked>;
  words?: string[];
  versions?: Record<string, string>;
  overrides?: Record<string, string>;
}

const REASON = { for: 'Tests', why: 'It is small' };
const USED: Record<string, string> = { 'src/a.ts': "import { one } from 'one';" };

function small(given: Small): Survey {
  const lines = (given.lines ?? [{}]).map((line) => ({
    ...({ folder: '', kind: 'dependencies', name: 'one', version: '1.0.0' } as const),
    ...line,
  }));
  const facts = noFacts();
  for (const [name, version] of Object.entries(given.versions ?? { one: '1.0.0' })) {
    const day = '2026-01-01';
    const fact = { version, released: day, latest: version, latestReleased: day };
    facts.folders[''].lines[name] = fact;
  }
  const licensed = lines.map(({ name, version }) => [name, { version, license: 'MIT' }] as const);
  const lock = given.lock ?? Object.fromEntries(licensed);
  const code = given.code ?? USED;
  const none = new Map<string, Locked>();
  const sources = {
    lines,
    modules: readModules(new Map(Object.entries(code).filter(([path]) => path.endsWith('.ts')))),
    reasons: { '': given.reasons ?? { one: REASON }, 'test/peers': {}, 'test/mutation': {} },
    locks: { '': placed(lock), 'test/peers': none, 'test/mutation': none },
    words: new Set(given.words),
  };
  return {
    ...sources,
    uses: usesOf(sources),
    facts,
    overrides: given.overrides ?? { deep: '1.0.0' },
    overrideReasons: { deep: 'It is newer' },
    textOf: (path) => code[path] ?? null,
  };
}

function placed(packages: Record<string, Locked>): Lock {
  return new Map(
    Object.entries(packages).map(([name, locked]) => [`node_modules/${name}`, locked]),
  );
}

const two = { name: 'two' };
const both = { reasons: { one: REASON, two: REASON }, versions: { one: '1.0.0', two: '1.0.0' } };

describe('a fault of a dependency', () => {
  it('is none where a line has a reason, a use, a licence, and is known', () => {
    expect(faultsOf(small({}))).toEqual([]);
  });

  it.each<[string, Small, string]>([
    ['a line without a reason', { reasons: {} }, 'package.json: one has no reason'],
    [
      'a reason without words',
      { reasons: { one: { for: 'Tests', why: ' ' } } },
      'package.json: one has a reason without words',
    ],
    [
      'a reason of no line',
      { reasons: { one: REASON, two: REASON } },
      'a reason names two, which is in no line of the package.json',
    ],
    [
      'a package that nothing uses',
      { code: { 'src/a.ts': "// import { one } from 'one';" } },
      'package.json: one is used by no file',
    ],
    [
      'a package of which only the name begins like it',
      { code: { 'src/a.ts': "import 'one-more';" }, lines: [{}, { name: 'one-more' }] },
      'package.json: one is used by no file',
    ],
    [
      'a file that does not name it',
      { reasons: { one: { ...REASON, namedIn: 'src/b.ts' } } },
      'package.json: one is not named in src/b.ts, where its reason says so',
    ],
    [
      'a version that was not asked about',
      { versions: { one: '0.9.0' } },
      'package.json: one 1.0.0 is not known; npm run survey:dependencies asks about it',
    ],
    [
      'a package without a licence',
      { lock: { one: { version: '1.0.0' } } },
      'package.json: one has no licence',
    ],
    [
      'an override without a reason',
      { overrides: { deep: '1.0.0', deeper: '1.0.0' } },
      'package.json: the override of deeper has no reason',
    ],
    [
      'a reason of no override',
      { overrides: {} },
      'a reason names deep, which package.json does not override',
    ],
    [
      'an import of what no line names',
      { code: { ...USED, 'test/b.test.ts': "import 'three/inner';" } },
      'test/b.test.ts imports three, which is in no line of package.json',
    ],
  ])('is %s', (_what, given, fault) => {
    expect(faultsOf(small(given))).toContain(fault);
  });

  it.each<[string, Small]>([
    [
      'a program that a command starts',
      { lock: { one: licensed({ bin: { uno: 'uno.js' } }) }, words: ['uno'], code: {} },
    ],
    [
      'a file that its reason tells of',
      { reasons: { one: { ...REASON, namedIn: 'a.json' } }, code: { 'a.json': '"one"' } },
    ],
  ])('is no lack of an import of %s', (_what, given) => {
    expect(faultsOf(small(given))).toEqual([]);
  });

  it('is no lack of an import of types, while what they are of is used', () => {
    const lines = [{}, { name: '@types/one' }];
    const reasons = { one: REASON, '@types/one': REASON };
    const versions = { one: '1.0.0', '@types/one': '1.0.0' };
    expect(faultsOf(small({ lines, reasons, versions }))).toEqual([]);
    expect(faultsOf(small({ lines, reasons, versions, code: { 'src/a.ts': '' } }))).toHaveLength(2);
  });

  it('is no lack of an import of a peer, unless what asks for it is unused or can do without', () => {
    const lines = [{}, two];
    const asking = (more: object) => ({
      one: licensed({ peerDependencies: { two: '1' }, ...more }),
      two: licensed({}),
    });
    expect(faultsOf(small({ lines, ...both, lock: asking({}) }))).toEqual([]);
    const optional = asking({ peerDependenciesMeta: { two: { optional: true } } });
    expect(faultsOf(small({ lines, ...both, lock: optional }))).toHaveLength(1);
    const unused = { lines, ...both, lock: asking({}), code: { 'src/a.ts': '' } };
    expect(faultsOf(small(unused))).toHaveLength(2);
  });
});

function licensed(more: Partial<Locked>): Locked {
  return { version: '1.0.0', license: 'MIT', ...more };
}

describe('what only one dependency brings', () => {
  const lock: Lock = new Map([
    ['node_modules/one', licensed({ dependencies: { shared: '1', own: '1' } })],
    [
      'node_modules/two',
      licensed({ dependencies: { shared: '1' }, optionalDependencies: { three: '1' } }),
    ],
    ['node_modules/shared', licensed({})],
    ['node_modules/own', licensed({ dependencies: { shared: '2' } })],
    ['node_modules/own/node_modules/shared', licensed({ dependencies: { deep: '1' } })],
    ['node_modules/deep', licensed({ dependencies: { own: '1' } })],
    ['node_modules/three', licensed({})],
  ]);

  it('is found as Node finds packages, the nearest first, and not what another brings', () => {
    expect([...broughtOnlyBy(lock, 'one', ['two'])].sort()).toEqual([
      'node_modules/deep',
      'node_modules/one',
      'node_modules/own',
      'node_modules/own/node_modules/shared',
    ]);
    expect([...broughtOnlyBy(lock, 'two', ['one'])].sort()).toEqual([
      'node_modules/three',
      'node_modules/two',
    ]);
  });

  it('is at least itself, though another brings it too', () => {
    expect([...broughtOnlyBy(lock, 'shared', ['one'])]).toEqual(['node_modules/shared']);
  });
});
