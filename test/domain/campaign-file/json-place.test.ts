import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonPlace } from '../../../src/domain/campaign-file/json-place.ts';
import { FUZZ_RUNS } from '../../support/fuzz.ts';

describe('where a text ceases to be JSON', () => {
  test.each([
    ['{"a": 1,}', 1, 9, '}'],
    ['{"a": 1', 1, 8, ''],
    ['{"a": 1}x', 1, 9, 'x'],
    ['{"a":\n\n  1,\n "b" 2}', 4, 6, '2}'],
    ['[1 2]', 1, 4, '2]'],
    ['[1,]', 1, 4, ']'],
    ['{"a": [1}', 1, 9, '}'],
    ["{'a': 1}", 1, 2, "'a': 1}"],
    ['{"a": "x\ny"}', 1, 7, '"x'],
    ['{"a": "\\x"}', 1, 7, '"\\x"}'],
    ['{"a": 010}', 1, 8, '10}'],
    ['{a: 1}', 1, 2, 'a: 1}'],
    ['{"a" 1}', 1, 6, '1}'],
    ['{"a": True}', 1, 7, 'True}'],
    ['{"a": 1} // note', 1, 10, '// note'],
    ['', 1, 1, ''],
  ])('%j', (text, line, column, seen) => {
    expect(jsonPlace(text)).toEqual({ line, column, seen });
  });

  test('finds a place exactly where JSON.parse refuses', () => {
    const pieces = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"a"',
        '"',
        '\\',
        '1',
        '-',
        '.5',
        'e3',
        'null',
        ' ',
        '\n',
        '\t',
        'é',
        '\u007F',
      ],
    );
    const text = fc.oneof(
      fc.array(pieces, { maxLength: 8 }).map((all) => all.join('')),
      fc.json(),
      fc.tuple(fc.json(), fc.nat(), pieces).map(([json, at, piece]) => {
        const place = at % (json.length + 1);
        return json.slice(0, place) + piece + json.slice(place);
      }),
    );
    const parses = (json: string) => {
      try {
        JSON.parse(json);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(text, (json) => {
        expect(jsonPlace(json) === null).toBe(parses(json));
      }),
      { numRuns: FUZZ_RUNS * 5 },
    );
  });

  test('is quick on a long text', () => {
    const long = `[${'"\\n",'.repeat(40_000)}${'['.repeat(20_000)}`;
    expect(jsonPlace(long)).toMatchObject({ seen: '' });
  });
});
