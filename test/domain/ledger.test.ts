import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalEntry,
  chain,
  entryLine,
  headerLine,
  type LedgerEntry,
  startHash,
} from '../../src/domain/ledger.ts';
import { createLedgerCheck, type LedgerVerdict } from '../../src/domain/ledger-check.ts';
import { FUZZ_RUNS } from '../support/fuzz.ts';

const CAMPAIGN = '6f1c0f6e-7c55-4e0b-9a5e-0d6f2a9b1c33';
const OTHER = '00000000-7c55-4e0b-9a5e-0d6f2a9b1c33';

const attempt = (number: number, change: object = {}): LedgerEntry => ({
  kind: 'attempt',
  at: `2017-07-10T08:00:00.00000${number % 10}Z`,
  delivery: 'c0ffee00-0000-4000-8000-000000000000',
  number,
  worker: 'host-1',
  sentAt: null,
  outcome: 'posted',
  detail: '',
  ...change,
});
const event: LedgerEntry = {
  kind: 'event',
  at: '2017-07-10T08:00:01.000000Z',
  actor: 'Vera',
  action: 'aborted',
  scope: 'campaign',
  detail: 'a "reason" with\u2028what \\ some take\nfor the end of a line',
};

/** The lines of an export of these entries, header first. */
function linesOf(entries: readonly LedgerEntry[], campaign = CAMPAIGN): string[] {
  const start = { position: 0, hash: startHash(campaign) };
  const heads = chain(campaign, start, entries);
  const times = {
    moment: '2017-07-10T08:00:00.000000Z',
    exportedAt: '2017-07-10T09:00:00.000000Z',
  };
  return [
    headerLine({ campaign, slug: 'the-bell', ...times, head: heads.at(-1) ?? start }),
    ...entries.map((entry, index) =>
      entryLine(canonicalEntry(campaign, index + 1, entry), heads[index]?.hash ?? ''),
    ),
  ];
}

const joined = (lines: readonly string[]): Buffer =>
  Buffer.from(lines.map((line) => `${line}\n`).join(''));

function verdictOf(bytes: Uint8Array, head: string | null = null, piece = 7): LedgerVerdict {
  const check = createLedgerCheck(head);
  for (let at = 0; at < bytes.length; at += piece) check.add(bytes.subarray(at, at + piece));
  return check.end();
}

const ENTRIES = [attempt(1), attempt(2), event, attempt(3), attempt(4), attempt(5)];
const LINES = linesOf(ENTRIES);
/** The text of line N, counted from 1 as people do. */
const line = (number: number): string => LINES[number - 1] ?? '';
const hashOf = (text: string): string => JSON.parse(text).hash;

describe('the chain', () => {
  it('is SHA-256 over the previous hash and the canonical JSON, from the campaign on', () => {
    const sha = (text: string) => createHash('sha256').update(text).digest('hex');
    const content =
      '{"position":1,"campaign":"6f1c0f6e-7c55-4e0b-9a5e-0d6f2a9b1c33","kind":"attempt","at":"2017-07-10T08:00:00.000001Z",' +
      '"delivery":"c0ffee00-0000-4000-8000-000000000000","number":1,"worker":"host-1","sent_at":null,"outcome":"posted","detail":""}';
    const hash = sha(sha(`tocsin-ledger-1 ${CAMPAIGN}`) + content);
    expect(LINES[1]).toBe(`${content.slice(0, -1)},"hash":"${hash}"}`);
    expect(canonicalEntry(CAMPAIGN, 3, event)).toBe(
      `{"position":3,"campaign":"${CAMPAIGN}","kind":"event","at":"2017-07-10T08:00:01.000000Z","actor":"Vera",` +
        '"action":"aborted","scope":"campaign","detail":"a \\"reason\\" with\u2028what \\\\ some take\\nfor the end of a line"}',
    );
  });
});

describe('checking an export', () => {
  it('finds it whole, in whatever pieces it comes', () => {
    const whole = { whole: true, campaign: CAMPAIGN, slug: 'the-bell', entries: 6, headAt: null };
    for (const piece of [1, 7, 200, 100_000]) {
      expect(verdictOf(joined(LINES), null, piece)).toMatchObject(whole);
    }
    expect(verdictOf(joined(linesOf([])))).toMatchObject({ whole: true, entries: 0 });
  });

  it('finds a head written down earlier, and misses one that was never there', () => {
    const bytes = joined(LINES);
    const found = (head: string) => verdictOf(bytes, head);
    expect(found(startHash(CAMPAIGN))).toMatchObject({ whole: true, headAt: 0 });
    expect(found(hashOf(line(4)))).toMatchObject({ whole: true, headAt: 3 });
    expect(found(hashOf(line(7)))).toMatchObject({ whole: true, headAt: 6 });
    const unproven = { whole: false, fault: 'unproven', line: null };
    expect(found('0'.repeat(64))).toMatchObject(unproven);
    // Rewritten as a whole it is whole in itself: only the head written down earlier tells.
    const rewritten = linesOf([attempt(1, { outcome: 'refused' }), ...ENTRIES.slice(1)]);
    expect(verdictOf(joined(rewritten))).toMatchObject({ whole: true });
    expect(verdictOf(joined(rewritten), hashOf(line(4)))).toMatchObject(unproven);
  });

  it('names the first broken line and what happened to it', () => {
    const [header = '', ...rest] = LINES;
    const foreign = linesOf(ENTRIES, OTHER);
    const cases: [what: string, lines: string[], line: number, fault: string][] = [
      ['a changed outcome', LINES.with(3, line(4).replace('aborted', 'resumed')), 4, 'changed'],
      ['a changed last entry', LINES.with(6, line(7).replace('posted', 'waited')), 7, 'changed'],
      ['a changed hash', LINES.with(2, line(3).replace(/.(?="}$)/, 'x')), 3, 'changed'],
      ['a changed position', LINES.with(3, line(4).replace(':3,', ':5,')), 4, 'changed'],
      ['a lower position', LINES.with(3, line(4).replace(':3,', ':1,')), 4, 'changed'],
      ['an entry less', LINES.toSpliced(3, 1), 4, 'missing'],
      ['three entries less', LINES.toSpliced(2, 3), 3, 'missing'],
      ['the first entry less', LINES.toSpliced(1, 1), 2, 'missing'],
      ['the last entry less', LINES.slice(0, -1), 7, 'truncated'],
      ['no entries', [header], 2, 'truncated'],
      ['nothing', [], 1, 'truncated'],
      ['two neighbours swapped', LINES.toSpliced(3, 2, line(5), line(4)), 4, 'reordered'],
      ['two others swapped', LINES.with(2, line(6)).with(5, line(3)), 3, 'reordered'],
      ['an entry twice', LINES.toSpliced(4, 0, line(4)), 5, 'inserted'],
      ['an entry twice, later', LINES.toSpliced(6, 0, line(4)), 7, 'inserted'],
      ['a forged entry', LINES.toSpliced(3, 0, line(4).replace('Vera', 'Omar')), 4, 'inserted'],
      ['one at the end', [...LINES, linesOf([...ENTRIES, event])[7] ?? ''], 8, 'inserted'],
      ['a line of another campaign', LINES.with(3, foreign[3] ?? ''), 4, 'foreign'],
      ['another campaign’s header', [foreign[0] ?? '', ...rest], 2, 'foreign'],
      ['no header', rest, 1, 'missing'],
      ['a changed header', [header.replace('the-bell', 'the-ball'), ...rest], 1, 'changed'],
      ['an empty line', LINES.toSpliced(3, 0, ''), 4, 'changed'],
      ['line ends of another system', LINES.map((one) => `${one}\r`), 1, 'changed'],
    ];
    const found = cases.map(([what, lines]) => {
      const verdict = verdictOf(joined(lines));
      return verdict.whole ? [what, 'whole'] : [what, verdict.line, verdict.fault];
    });
    expect(found).toEqual(cases.map(([what, , number, fault]) => [what, number, fault]));
  });

  it('reads what is no text, or one endless line, without choking', () => {
    const noise = Buffer.alloc(3_000_000, 0x41);
    expect(verdictOf(noise, null, 65_536)).toMatchObject({ line: 1, fault: 'truncated' });
    const buried = Buffer.concat([joined(LINES.slice(0, 2)), noise, joined(LINES.slice(2))]);
    expect(verdictOf(buried, null, 65_536)).toMatchObject({ line: 3, fault: 'changed' });
    const replaced = joined(linesOf([attempt(1, { detail: '\ufffd' })]));
    const at = replaced.indexOf(Buffer.from('\ufffd'));
    const invalid = Buffer.concat([
      replaced.subarray(0, at),
      Buffer.from([0xff]),
      replaced.subarray(at + 3),
    ]);
    expect(verdictOf(replaced)).toMatchObject({ whole: true });
    expect(verdictOf(invalid)).toMatchObject({ line: 2, fault: 'changed' });
  });
});

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const entries = fc.array(
  fc.oneof(
    fc
      .record({ detail: text, number: fc.nat() })
      .map(({ detail, number }) => attempt(1, { detail, number })),
    text.map((detail): LedgerEntry => ({ ...event, detail })),
  ),
  { minLength: 2, maxLength: 12 },
);
const place = fc.nat();

/** One mutation each, of the lines or of the bytes; all change something. */
const mutations = fc.oneof(
  place.map((at) => (lines: string[]) => joined(lines.toSpliced(at % lines.length, 1))),
  place.map((at) => (lines: string[]) => {
    const of = at % lines.length;
    return joined(lines.toSpliced(of, 0, lines[of] ?? ''));
  }),
  fc.tuple(place, place).map(([one, two]) => (lines: string[]) => {
    const a = one % lines.length;
    const b = (a + 1 + (two % (lines.length - 1))) % lines.length;
    return joined(lines.with(a, lines[b] ?? '').with(b, lines[a] ?? ''));
  }),
  place.map((at) => (lines: string[]) => joined(lines).subarray(0, at % joined(lines).length)),
  fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([at, by]) => (lines: string[]) => {
    const bytes = joined(lines);
    const of = at % bytes.length;
    bytes[of] = (bytes[of] ?? 0) ^ by;
    return bytes;
  }),
  fc.tuple(place, fc.integer({ min: 0, max: 255 })).map(([at, byte]) => (lines: string[]) => {
    const bytes = joined(lines);
    const of = at % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, of), Buffer.from([byte]), bytes.subarray(of)]);
  }),
);

describe('any single mutation of any export', () => {
  it('is found, and the export itself is whole', () => {
    const property = fc.property(entries, mutations, (sealed, mutate) => {
      const lines = linesOf(sealed);
      expect(verdictOf(joined(lines), null, 50).whole).toBe(true);
      expect(verdictOf(mutate(lines), null, 50).whole).toBe(false);
    });
    expect(() => fc.assert(property, { numRuns: FUZZ_RUNS })).not.toThrow();
  });
});

it('A2 hashes an attempt without the network’s time as ever, and one with it beside ours', () => {
  const id = '00000000-0000-4000-8000-000000000001';
  const at = '2017-07-10T08:00:00.250000Z';
  const entry = {
    ...{ kind: 'attempt' as const, at, delivery: id, number: 1, worker: 'w' },
    ...{ sentAt: '2017-07-10T08:00:00.000123Z', outcome: 'posted', detail: '' },
  };
  const before = `{"position":1,"campaign":"${id}","kind":"attempt","at":"${at}","delivery":"${id}","number":1,"worker":"w","sent_at":"${entry.sentAt}","outcome":"posted","detail":""}`;
  expect(canonicalEntry(id, 1, entry)).toBe(before);
  const networkAt = '2017-07-10T08:00:00.000000Z';
  expect(canonicalEntry(id, 1, { ...entry, networkAt })).toBe(
    before.replace(',"outcome"', `,"network_at":"${networkAt}","outcome"`),
  );
});
