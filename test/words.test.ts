import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from './support/child.ts';

/** Words that were names of ours once and that an engineer who comes new would have to learn: what is said instead. */
const GONE: Readonly<Record<string, string>> = {
  tower: 'events',
  flight: 'request, or "in flight"',
  patrol: 'timeout sweep',
  lane: 'host gate',
  heed: 'onOutcome',
  asker: 'http client',
  rehearse: 'warm up; a rehearsal is a campaign against the simulator',
  rehearsed: 'warmed up',
  befall: 'happen to',
};

/** Whole names, where the word alone is plain English. */
const GONE_NAMES: Readonly<Record<string, string>> = {
  beatOnce: 'sendHeartbeat',
  createIntern: 'createStringInterner',
  createRecent: 'createStaleWhileRevalidate',
  depart: 'dispatch',
  GivenUp: 'ConnectionFailed',
  PlatformParts: 'PlatformDeps',
  shareCampaign: 'lockCampaignForShare, or showShareLinks',
  StandIn: 'StubServer',
  tidyWhere: 'normaliseLocator',
  WhereRefused: 'LocatorRejected',
};

/** Where a word of GONE stays, and why. */
const STAYS: Readonly<Record<string, string>> = {
  'src/queue/jobs.ts asker': 'a field of a job that may be in a queue when a newer version starts',
  'src/store/canary.ts asker': 'the same',
  'src/actions/health/canary.ts asker': 'the same',
};

/** Words for people and amounts that make a comment need two readings, and how many are left. It may fall, never rise. */
const VAGUE = /\b(?:nobody|somebody|whoever|so many|so long|so much)\b/gi;
const VAGUE_LEFT = 79;

/** One name in two files, where it is one thing. Each network's folder has its own of the steps that all of them take. */
const SHARED: Readonly<Record<string, string>> = {};
const NETWORK = /^src\/(platforms|simulator)\/[a-z]+\//;

/** One spelling of limits. */
const LIMIT = /^(?:MOST|LONGEST|LEAST|BIGGEST|LARGEST)(?:_|$)|_(?:MAX|MIN|LIMIT_MAX)$/;

interface Source {
  path: string;
  /** Names, split from what they stand in. */
  names: Set<string>;
  comments: string;
  exported: string[];
}

/** Comments, strings and regular expressions as TypeScript has them; what is left are names. */
const TOKENS =
  /(\/\*[\s\S]*?\*\/|\/\/[^\n]*)|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|\$\{[^}]*\}|[^`\\])*`|(?<=[=(,:[!&|?]\s*)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\/[a-z]*/g;

function parse(path: string, text: string): Source {
  let comments = '';
  const code = text.replace(TOKENS, (_token, comment?: string) => {
    if (comment !== undefined) comments += `${comment}\n`;
    return "''";
  });
  return {
    path,
    comments,
    names: new Set(code.match(/\b[A-Za-z_$][\w$]*/g)),
    exported: [
      ...code.matchAll(
        /^export (?:async |abstract )?(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm,
      ),
    ].map((match) => match[1] as string),
  };
}

/** `createLaneOf` is create, lane and of; `inFlight` and `preflight` are no flights. */
function wordsOf(name: string): string[] {
  return name
    .replace(/in_?flight/gi, '')
    .split(/(?<=[a-z0-9])(?=[A-Z])|_/)
    .map((word) => word.toLowerCase().replace(/s$/, ''));
}

function badWords({ path, names, comments }: Source): string[] {
  const inNames = [...names].flatMap((name) => [
    ...wordsOf(name).filter((word) => Object.hasOwn(GONE, word)),
    ...(Object.hasOwn(GONE_NAMES, name) ? [name] : []),
  ]);
  const said = comments.replace(/\bin[-\s*]+flight\b/gi, '').toLowerCase();
  const inComments = (said.match(/\b[a-z]+\b/g) ?? []).flatMap((word) =>
    wordsOf(word).filter((one) => Object.hasOwn(GONE, one)),
  );
  return [...new Set([...inNames, ...inComments])]
    .filter((word) => !STAYS[`${path} ${word}`])
    .map((word) => `${path}: ${word}; say ${GONE[word] ?? GONE_NAMES[word]}`);
}

const sources = ['config', 'src', 'workers'].flatMap((root) =>
  readdirSync(join(repository, root), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => join(root, path).replaceAll('\\', '/'))
    .map((path) => parse(path, readFileSync(join(repository, path), 'utf8'))),
);

describe('the words of the code', () => {
  it('are none of those that only this house knew', () => {
    expect(sources.length).toBeGreaterThan(400);
    expect(sources.flatMap(badWords)).toEqual([]);
    const bad = parse('a.ts', "/** Its lane. */\nconst laneOf = 'flight'; // in flight\nheeds();");
    expect(badWords(bad).map((fault) => fault.split(';')[0])).toEqual(['a.ts: lane', 'a.ts: heed']);
  });

  it('spell limits in one way: MAX_ and MIN_', () => {
    const limits = sources.flatMap(({ path, names }) =>
      [...names].filter((name) => LIMIT.test(name)).map((name) => `${path}: ${name}`),
    );
    expect(limits).toEqual([]);
  });

  it('mean one thing each where they are exported', () => {
    const paths = new Map<string, Set<string>>();
    for (const { path, exported } of sources)
      for (const name of exported) paths.set(name, (paths.get(name) ?? new Set()).add(path));
    const twice = [...paths].filter(([name, { size }]) => size > 1 && !SHARED[name]);
    const faults = twice.filter(([, all]) => {
      const rooms = [...all].map((path) => NETWORK.exec(path)?.[1]);
      return rooms.some((room) => room === undefined || room !== rooms[0]);
    });
    expect(faults.map(([name, all]) => `${name}: ${[...all].join(', ')}`)).toEqual([]);
  });

  it('are exact in comments: fewer and fewer speak of nobody, whoever and so many', () => {
    const count = sources.reduce((sum, one) => sum + (one.comments.match(VAGUE)?.length ?? 0), 0);
    expect(count).toBeLessThanOrEqual(VAGUE_LEFT);
  });
});
