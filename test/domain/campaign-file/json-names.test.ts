import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { depthProblem, repeatedNames } from '../../../src/domain/campaign-file/json-names.ts';

const fields = (json: string) => {
  JSON.parse(json);
  return repeatedNames(json).map(({ field, message }) => {
    expect(message).toMatch(/^is here twice, again at line 1, column \d+; remove one$/);
    return field;
  });
};

describe('names that an object of a JSON text has twice', () => {
  test.each<[json: string, fields: string[]]>([
    ['{"goal": 1, "goal": 2}', ['goal']],
    ['{"goal": 1, "link": "a", "goal": 2, "goal": 3}', ['goal']],
    ['{"title": {"en": "a", "fr": "b", "en": "c"}}', ['title.en']],
    ['{"sources": [{"url": "a"}, {"url": "b", "url": "c"}]}', ['sources[1].url']],
    ['{"a": [[{"b": 1}, {"c": 1, "c": 2}]]}', ['a[0][1].c']],
    ['[{"a": 1}, {"a": 1, "a": 2}]', ['[1].a']],
    // The same name, written in another way.
    ['{"goal": 1, "go\\u0061l": 2}', ['goal']],
    ['{"": 1, "" : 2}', ['']],
    ['{"__proto__": 1, "__proto__": 2}', ['__proto__']],
    ['{"a": {"b": 1}, "a": {"b": 2}}', ['a']],
    ['{"a":1,"b":2,"a":{"c":1,"c":2},"b":[]}', ['a', 'a.c', 'b']],
    // No names, though they look like some.
    ['{"a": "\\"b\\": 1, \\"b\\": 2", "c": ["b", "b", "x:", ":"]}', []],
    ['{"a": "{", "b": "[", "c": {"a": 1}, "d": [{"a": 1}, {"a": 2}]}', []],
    ['{"a": "\\\\", "b": "\\\\\\"", "c": 1}', []],
    ['{"Goal": 1, "goal": 2, "goal ": 3}', []],
    ['"a"', []],
    ['[]', []],
    ['null', []],
  ])('%s', (json, wanted) => expect(fields(json)).toEqual(wanted));

  test('C12 are named with the place of the second', () => {
    const json = '{\n  "goal": 1,\n  "link": "a",\n    "goal": 2\n}';
    expect(repeatedNames(json)).toEqual([
      { field: 'goal', message: 'is here twice, again at line 4, column 5; remove one' },
    ]);
  });

  test('are in no text that a value was made into', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(fields(JSON.stringify(JSON.parse(json)))).toEqual([]);
      }),
    );
  });

  test('are found however deep they are', () => {
    const deep = `${'{"a":'.repeat(5_000)}{"b":1,"b":2}${'}'.repeat(5_000)}`;
    expect(repeatedNames(deep)).toHaveLength(1);
  });
});

describe('brackets of a JSON text', () => {
  test('C12 more than a hundred within each other are refused with their place', () => {
    const deep = `{"story":\n ${'['.repeat(100)}1${']'.repeat(100)}}`;
    expect(depthProblem(deep)).toEqual({
      field: 'body',
      message:
        'is nested more than 100 brackets deep (line 2, column 101); remove the brackets that are not needed',
    });
  });

  test.each([
    ['a hundred', `${'['.repeat(100)}${']'.repeat(100)}`],
    ['many beside each other', `[${Array(500).fill('{}').join()}]`],
    ['many in a text', JSON.stringify({ story: '[{"'.repeat(500) })],
  ])('%s are taken', (_, json) => expect(depthProblem(json)).toBeNull());
});
