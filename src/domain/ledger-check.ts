import { createLineReader } from './campaign-file/line-reader.ts';
import { LEDGER_FORMAT, nextHash, sha256, splitLine, startHash } from './ledger.ts';
import { isMapping } from './schema-problems.ts';

/** What is wrong with an export. `unproven`: all is whole, but the head that was noted before is not in it. */
export type LedgerFault =
  | 'changed'
  | 'missing'
  | 'reordered'
  | 'truncated'
  | 'inserted'
  | 'foreign'
  | 'unproven';

export type LedgerVerdict =
  | {
      whole: true;
      campaign: string;
      slug: string;
      moment: string;
      entries: number;
      head: string;
      /** The position at which the given head stands; null when none was given. */
      headAt: number | null;
    }
  /** The first line that is wrong, counted from 1; null for `unproven`, which no line is to blame for. */
  | { whole: false; line: number | null; fault: LedgerFault; message: string };

/** Takes an export piece by piece, in any cut, and keeps none of it. */
export interface LedgerCheck {
  add(bytes: Uint8Array): void;
  /** The verdict; nothing may be added after it. */
  end(): LedgerVerdict;
}

interface Header {
  campaign: string;
  slug: string;
  moment: string;
  entries: number;
  head: string;
}

interface Line {
  position: number;
  campaign: string;
  content: string;
  hash: string;
}

type Fault = Exclude<LedgerVerdict, { whole: true }>;
type LineFault = Fault & { line: number };

/**
 * Checks an export without any database. With `head`, a hash written down earlier, the export must also contain the very
 * entry that hash stood for, so that nothing up to there can have been rewritten.
 */
export function createLedgerCheck(head: string | null = null): LedgerCheck {
  const walk = createWalk(head);
  const reader = createLineReader((line) => walk.line(line));
  return { add: reader.add, end: () => walk.end(reader.end()) };
}

/** The walk along the chain: where it stands, and what was found first. */
function createWalk(wanted: string | null) {
  let count = 0;
  let header: Header | null = null;
  let at = { position: 0, hash: '' };
  let wantedAt: number | null = null;
  let fault: LineFault | null = null;

  function step(line: Line | null, of: Header): void {
    const found = findFault(line, of, at);
    if (found !== null || line === null) {
      fault = { whole: false, line: count, ...(found ?? CHANGED) };
      broken = line;
      return;
    }
    at = { position: line.position, hash: line.hash };
    if (line.hash === wanted) wantedAt = line.position;
  }
  /** The line that broke the chain: what follows it tells more about what happened. */
  let broken: Line | null = null;

  function start(text: string | null): void {
    header = text === null ? null : readHeader(text);
    if (header === null) {
      const entry = text !== null && readLine(text) !== null;
      const what = entry
        ? { fault: 'missing' as const, message: 'the header is missing' }
        : {
            fault: 'changed' as const,
            message: `this is not a header of ${LEDGER_FORMAT} as it was written`,
          };
      fault = { whole: false, line: 1, ...what };
      return;
    }
    at = { position: 0, hash: startHash(header.campaign) };
    if (at.hash === wanted) wantedAt = 0;
  }

  return {
    line(text: string | null): void {
      count += 1;
      if (count === 1) start(text);
      else if (header === null) return;
      else {
        const line = text === null ? null : readLine(text);
        if (fault === null) step(line, header);
        else fault = better(fault, broken, line, at, count);
      }
    },
    end(rest: boolean): LedgerVerdict {
      const found = fault ?? endFault(count, header, at, rest);
      if (found !== null || header === null) return describeEntry(found ?? { ...CUT, line: 1 });
      if (wanted !== null && wantedAt === null) return UNPROVEN;
      const { campaign, slug, moment, entries, head } = header;
      return { whole: true, campaign, slug, moment, entries, head, headAt: wantedAt };
    },
  };
}

const CHANGED = { fault: 'changed', message: 'this is not the entry that was sealed' } as const;
const CUT: Fault = { whole: false, line: null, fault: 'truncated', message: 'the file ends early' };
const UNPROVEN: Fault = {
  whole: false,
  line: null,
  fault: 'unproven',
  message:
    'the file is whole in itself, but the head given is in none of its entries: what came before it has been rewritten, or it is another campaign’s',
};

function describeEntry(fault: Fault): Fault {
  return { ...fault, message: `line ${fault.line}: ${fault.message}` };
}

/** What is wrong with the next line of a chain that stands at `at`. */
function findFault(
  line: Line | null,
  header: Header,
  at: { position: number; hash: string },
): { fault: LedgerFault; message: string } | null {
  const expected = at.position + 1;
  if (line === null) return CHANGED;
  if (line.campaign !== header.campaign) {
    return { fault: 'foreign', message: `this entry says it is of campaign ${line.campaign}` };
  }
  if (line.position > expected) {
    return { fault: 'missing', message: `entry ${expected} should stand here and is missing` };
  }
  if (line.position < expected) {
    return { fault: 'inserted', message: `entry ${line.position} stands here once more` };
  }
  if (nextHash(at.hash, line.content) !== line.hash) return CHANGED;
  if (expected > header.entries) {
    return { fault: 'inserted', message: `the header tells of ${header.entries} entries only` };
  }
  return null;
}

/** What a later line tells about the first fault: the line stays, its name may become a better one. */
function better(
  fault: LineFault,
  broken: Line | null,
  line: Line | null,
  at: { position: number; hash: string },
  count: number,
): LineFault {
  if (line === null || broken === null) return fault;
  const expected = at.position + 1;
  const next = count === fault.line + 1;
  if (broken.position === expected) {
    const follows = line.position === expected && nextHash(at.hash, line.content) === line.hash;
    const message = 'this entry was not sealed here; the one that was comes next';
    return next && follows ? { ...fault, fault: 'inserted', message } : fault;
  }
  if (line.position === expected && broken.position > expected) {
    const message = `entry ${broken.position} stands here, and entry ${expected} comes later`;
    return { ...fault, fault: 'reordered', message };
  }
  // The entries around it are where they should be: only the number in it is wrong.
  const numbered = next && line.position === expected + 1 && fault.fault !== 'foreign';
  return numbered ? { ...fault, ...CHANGED } : fault;
}

/** What can only be seen at the end. `rest`: the file does not end with a line feed. */
function endFault(
  count: number,
  header: Header | null,
  at: { position: number; hash: string },
  rest: boolean,
): LineFault | null {
  const line = count + 1;
  if (rest || header === null) return { ...CUT, line };
  if (at.position < header.entries) {
    const message = `the file ends here, ${header.entries - at.position} entries early`;
    return { whole: false, line, fault: 'truncated', message };
  }
  if (at.hash === header.head) return null;
  const message = 'the header names another head than the one the entries come to';
  return { whole: false, line: 1, fault: 'changed', message };
}

function readHeader(text: string): Header | null {
  const split = splitLine(text, 'checksum');
  if (split === null || sha256(split.content) !== split.hash) return null;
  const value = parseEntry(split.content);
  if (value === null || value.format !== LEDGER_FORMAT || !isMapping(value.head)) return null;
  const { campaign, slug, moment, entries } = value;
  const { position, hash } = value.head;
  const shaped =
    typeof campaign === 'string' &&
    typeof slug === 'string' &&
    typeof moment === 'string' &&
    typeof hash === 'string' &&
    Number.isSafeInteger(entries) &&
    position === entries;
  return shaped ? { campaign, slug, moment, entries: entries as number, head: hash } : null;
}

function readLine(text: string): Line | null {
  const split = splitLine(text, 'hash');
  if (split === null) return null;
  const { position, campaign } = parseEntry(split.content) ?? {};
  const shaped = typeof campaign === 'string' && Number.isSafeInteger(position);
  return shaped ? { position: position as number, campaign, ...split } : null;
}

function parseEntry(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isMapping(value) ? value : null;
  } catch {
    return null;
  }
}
