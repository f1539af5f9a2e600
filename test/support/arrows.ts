import { posix } from 'node:path';
import type { Import, Module } from './modules.ts';

/** What one part of the house may do. */
interface Rule {
  /** Parts it may import; itself always. */
  may: readonly Prefix[];
  /** Packages and node: modules it may import; without a list, any. */
  packages?: readonly string[];
  /** It gets time, chance and the network as arguments. */
  pure?: true;
  /** It may read process.env. */
  environment?: true;
  /** It may name a platform in a comparison. */
  platforms?: true;
}

/** The rooms of src/actions/, each with the rooms that it may import. */
const rooms = {
  'message/': [],
  'platform/': [],
  'stop/': [],
  'ledger/': [],
  'operator/': [],
  'keys/': [],
  'pledge/': [],
  'health/': [],
  'campaign/': ['message/', 'platform/', 'stop/'],
  'reminder/': ['campaign/', 'health/'],
  'credential/': ['campaign/', 'platform/'],
  'join/': ['campaign/', 'credential/', 'message/', 'platform/', 'pledge/'],
  'receipt/': ['campaign/', 'credential/', 'join/', 'message/', 'pledge/', 'reminder/'],
  'assisted/': ['campaign/', 'join/', 'message/', 'reminder/'],
  'delivery/burst/': ['credential/', 'health/'],
  'delivery/': ['assisted/', 'campaign/', 'health/', 'stop/'],
  'upkeep/': ['campaign/', 'credential/', 'delivery/', 'health/', 'keys/', 'stop/'],
} as const satisfies Record<string, readonly string[]>;
type Room = `src/actions/${keyof typeof rooms}`;

/** Parts are folders (with their slash) or files, from the repository's top. */
type Part =
  | 'config/'
  | 'src/domain/'
  | 'src/domain/errors.ts'
  | 'src/platforms/'
  | 'src/store/'
  | 'src/queue/'
  | 'src/queue/home.ts'
  | 'src/mail/'
  | 'src/zones/'
  | Room
  | 'src/async/'
  | 'src/outbound/'
  | 'src/outbound/wire/'
  | 'src/secret-token.ts'
  | 'src/http/'
  | 'src/present/'
  | 'src/web/'
  | 'src/cli/'
  | 'src/simulator/'
  | 'src/simulator/client.ts'
  | 'src/demo/'
  | 'src/build/'
  | 'src/built.ts'
  | 'src/compile-late.ts'
  | 'src/context.ts'
  | 'src/crash.ts'
  | 'src/log.ts'
  | 'src/open-records.ts'
  | 'src/run.ts'
  | 'src/stop-signal.ts'
  | 'src/version.ts'
  | 'src/instance.ts'
  | 'src/main.ts'
  | 'workers/';

/** Every room of src/actions/ is a part; whoever may call one may call all. */
type Prefix = Part | 'src/actions/';

const domain = ['src/domain/'] as const;
const base = ['config/', ...domain] as const;
const around = [
  ...['src/context.ts', 'src/crash.ts', 'src/log.ts', 'src/version.ts', 'src/secret-token.ts'],
  'src/async/',
] as const satisfies readonly Part[];
const calls = ['src/outbound/', 'src/platforms/'] as const;
const wired = [...base, ...calls, 'src/store/', 'src/queue/', 'src/mail/'] as const;

/**
 * The arrows of the house, all of them:
 *
 *   config, domain  <-  outbound  <-  platforms
 *   platforms, store, queue, mail  <-  actions  <-  http, workers, cli
 *                                                        actions  <-  present  <-  http, cli
 *
 * A file belongs to the longest part that its path begins with. A file that belongs to none is a fault.
 */
export const rules: Record<Part, Rule> = {
  'src/async/': { may: domain },
  'src/secret-token.ts': { may: [], packages: ['node:crypto'] },
  'config/': { may: ['src/domain/errors.ts'], environment: true, platforms: true },
  'src/domain/': {
    may: domain,
    packages: [
      ...['liquidjs', 'luxon', 'markdown-it', 'twitter-text', 'typebox', 'yaml'],
      // Data: cities and countries of zones, the names Windows has for them, and Latin letters for others.
      ...['@vvo/tzdb', 'windows-iana', '@sindresorhus/slugify'],
      // Of node:url only what reads a name of a site, which asks no server.
      ...['node:crypto', 'node:module', 'node:url'],
    ],
    pure: true,
  },
  'src/domain/errors.ts': { may: domain, packages: [], pure: true },

  'src/outbound/': { may: [...domain, 'src/crash.ts'] },
  'src/outbound/wire/': { may: [...domain, 'src/crash.ts'] },
  'src/platforms/': { may: [...base, 'src/outbound/', 'src/crash.ts'] },
  'src/store/': { may: [...base, 'src/built.ts'] },
  'src/queue/': { may: base },
  'src/queue/home.ts': { may: ['src/queue/'] },
  'src/zones/': { may: domain },
  // Letters are pages that go by mail.
  'src/mail/': { may: [...base, 'src/web/'] },

  ...roomRules(),

  'src/present/': { may: [...base, 'src/actions/', 'src/context.ts'] },
  'src/http/': {
    may: [...base, 'src/actions/', 'src/present/', 'src/web/', 'src/compile-late.ts', ...around],
  },
  'src/cli/': { may: [...base, 'src/actions/', 'src/present/', 'src/run.ts', ...around] },
  'workers/': { may: [...base, 'src/actions/', 'src/queue/', 'src/run.ts', ...around] },

  'src/web/': { may: domain },

  'src/simulator/': {
    may: ['src/simulator/client.ts', 'src/compile-late.ts', 'src/stop-signal.ts'],
    platforms: true,
  },
  'src/simulator/client.ts': { may: ['src/simulator/'], platforms: true },
  'src/demo/': {
    may: [...base, 'src/zones/', 'src/simulator/client.ts', 'src/built.ts', 'src/stop-signal.ts'],
    platforms: true,
  },

  // What runs before anything is built.
  'src/build/': {
    may: [],
    packages: ['esbuild', 'node:crypto', 'node:fs', 'node:path', 'node:url'],
  },
  'src/built.ts': { may: [], packages: ['node:path'] },

  'src/compile-late.ts': {
    may: [],
    packages: ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler', 'fastify'],
  },
  'src/version.ts': { may: [], packages: [] },
  'src/crash.ts': { may: [], packages: [] },
  'src/stop-signal.ts': { may: [], packages: [] },
  'src/log.ts': { may: ['config/'] },
  // Loaded before everything else, so it leads to little.
  'src/open-records.ts': { may: ['config/', 'src/store/', 'src/queue/home.ts', 'src/log.ts'] },
  'src/run.ts': { may: ['src/domain/errors.ts', 'src/log.ts', 'src/stop-signal.ts'] },
  // Pages are told which rules of time zones to show times by.
  'src/context.ts': {
    may: [...wired, 'src/zones/', 'src/web/', 'src/crash.ts', 'src/log.ts', 'src/open-records.ts'],
  },
  'src/instance.ts': { may: everything() },
  'src/main.ts': { may: everything() },
};

function roomRules(): Record<Room, Rule> {
  const named = Object.entries(rooms).map(([room, others]) => {
    const may = others.map((other): Room => `src/actions/${other}`);
    return [`src/actions/${room}`, { may: [...wired, ...around, ...may] }];
  });
  return Object.fromEntries(named);
}

/** What leads into the platforms' folders. */
const PLATFORM_REGISTRY = 'src/platforms/index.ts';

/** Files outside every part that anybody may import. */
const common = ['package.json'];

function everything(): readonly Prefix[] {
  return [
    ...wired,
    ...around,
    'src/actions/',
    'src/present/',
    'src/http/',
    'src/web/',
    'workers/',
    'src/open-records.ts',
    'src/run.ts',
    'src/instance.ts',
  ];
}

/** A breach of the rules, in words that say where and what. */
export interface Fault {
  where: string;
  what: string;
}

/** All that is wrong with these modules; they are the whole tree, since cycles and platforms are seen only in it. */
export function faultsOf(modules: readonly Module[]): Fault[] {
  const platforms = platformNames(modules.map((module) => module.path));
  return [...modules.flatMap((module) => faultsIn(module, platforms)), ...cyclesOf(modules)];
}

function faultsIn(module: Module, platforms: ReadonlySet<string>): Fault[] {
  const part = partOf(module.path);
  if (part === null) {
    return [{ where: module.path, what: 'no rule names its folder; add one to the table' }];
  }
  const rule = rules[part];
  const own = platformOf(module.path);
  const at = (line: number, what: string): Fault => ({ where: `${module.path}:${line}`, what });
  const faults = module.imports.flatMap((one) => {
    const what = importFault(module.path, part, one);
    return what === null ? [] : [at(one.line, what)];
  });
  if (!rule.environment) {
    faults.push(...module.environment.map((use) => at(use.line, `only config/ reads ${use.what}`)));
  }
  if (rule.pure) {
    faults.push(...module.impure.map((use) => at(use.line, `${use.what} in pure code`)));
  }
  if (!rule.platforms) {
    const named = module.compared.filter((use) => platforms.has(use.what) && use.what !== own);
    faults.push(
      ...named.map((use) => at(use.line, `only its own folder knows the platform '${use.what}'`)),
    );
  }
  return faults;
}

/** What is wrong with one import, or null. */
function importFault(path: string, part: Part, { specifier, names }: Import): string | null {
  if (!isRelative(specifier)) return packageFault(part, specifier, names);
  const target = resolveFrom(path, specifier);
  if (common.includes(target)) return null;
  const to = partOf(target);
  if (to === null) return `imports ${target}, which is outside every part`;
  const platform = platformOf(target);
  if (platform && platformOf(path) !== platform && path !== PLATFORM_REGISTRY) {
    return `imports ${target}; a platform is reached through src/platforms/index.ts alone`;
  }
  // A file named apart belongs to its folder too.
  const { may } = rules[part];
  const allowed = to === part || may.some((one) => target.startsWith(one)) || isWithin(to, part);
  return allowed ? null : `${part} must not import ${to} (${target})`;
}

/** The package that a specifier names; null for a relative one and for Node's own modules. */
export function packageOf(specifier: string): string | null {
  if (isRelative(specifier) || specifier.startsWith('node:')) return null;
  return packageName(specifier);
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function packageFault(part: Part, specifier: string, names: readonly string[]): string | null {
  const { packages, environment } = rules[part];
  const name = packageName(specifier);
  if (packages && !packages.includes(name)) return `${part} must not import ${specifier}`;
  const random = ['randomUUID', 'randomBytes', 'randomInt', 'getRandomValues', 'webcrypto'];
  if (rules[part].pure && name === 'node:crypto' && names.some((one) => random.includes(one))) {
    return `${part} must not import chance from node:crypto`;
  }
  if (!environment && /^(node:)?process$/.test(specifier) && names.includes('env')) {
    return 'only config/ reads process.env';
  }
  return null;
}

/** The part that a path belongs to, or null. */
export function partOf(path: string): Part | null {
  let best: Part | null = null;
  for (const part of Object.keys(rules) as Part[]) {
    const belongs = part.endsWith('/') ? path.startsWith(part) : path === part;
    if (belongs && part.length > (best?.length ?? 0)) best = part;
  }
  return best;
}

/** The platforms are the folders under src/platforms. */
function platformNames(paths: readonly string[]): Set<string> {
  return new Set(paths.map(platformOf).filter((name) => name !== null));
}

function platformOf(path: string): string | null {
  const folder = /^src\/platforms\/([^/]+)\//.exec(path)?.[1] ?? null;
  // What Facebook and Threads have in common.
  return folder === 'meta' ? null : folder;
}

function isWithin(inner: string, outer: string): boolean {
  return outer.endsWith('/') && inner.startsWith(outer);
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith('.') || specifier.startsWith('/');
}

function resolveFrom(path: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(path), specifier));
}

/** One fault for each knot of files that import each other, with a shortest way round it. */
function cyclesOf(modules: readonly Module[]): Fault[] {
  const arrows = new Map(modules.map((module) => [module.path, targetsOf(module)]));
  const faults: Fault[] = [];
  const told = new Set<string>();
  for (const start of arrows.keys()) {
    if (told.has(start)) continue;
    const cycle = wayBack(start, arrows);
    if (cycle === null) continue;
    for (const path of cycle) told.add(path);
    faults.push({ where: start, what: `imports itself: ${cycle.join(' -> ')} -> ${start}` });
  }
  return faults;
}

function targetsOf(module: Module): string[] {
  return module.imports
    .filter((one) => isRelative(one.specifier))
    .map((one) => resolveFrom(module.path, one.specifier));
}

/** A shortest way along the arrows from a file back to itself, breadth first; null when there is none. */
function wayBack(start: string, arrows: ReadonlyMap<string, readonly string[]>): string[] | null {
  const ways: string[][] = [[start]];
  const seen = new Set<string>();
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    for (const next of arrows.get(way.at(-1) ?? start) ?? []) {
      if (next === start) return way;
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return null;
}
