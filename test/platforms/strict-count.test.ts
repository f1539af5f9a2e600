import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTaken, type TextRule } from '../../src/domain/text-rule.ts';
import { TEXT_RULES } from '../../src/platforms/index.ts';
import { little } from '../../src/platforms/linkedin/little.ts';
import { textProblem as onBluesky } from '../../src/simulator/bluesky/text.ts';
import { isPageNameTaken as isTakenByFacebook } from '../../src/simulator/facebook/routes.ts';
import { isTooLong as isTooLongForLinkedin } from '../../src/simulator/linkedin/little.ts';
import { lengthProblem as onMastodon } from '../../src/simulator/mastodon/text.ts';
import { isTooLong as isTooLongForRelay } from '../../src/simulator/nostr/relay.ts';
import { textProblem as onThreads } from '../../src/simulator/threads/text.ts';
import { textProblem as onX } from '../../src/simulator/x/text.ts';
import { FUZZ_RUNS } from '../support/fuzz.ts';

/** What each simulator, which counts by rules of its own, says of a text; null or undefined: it is taken. */
const SIMULATED: Readonly<Record<string, (text: string) => string | null | undefined>> = {
  x: onX,
  threads: onThreads,
  bluesky: onBluesky,
  mastodon: (text) => onMastodon(text, '', { maxCharacters: 500, reservedPerUrl: 23 }),
  linkedin: (text) => (isTooLongForLinkedin(little(text)) ? 'too long' : null),
  facebook: (text) => (isTakenByFacebook(text) ? null : 'not taken'),
  nostr: (text) => (isTooLongForRelay(text) ? 'too long' : null),
};

const PIECES = [
  ...[
    'слово ',
    'word ',
    'كلمة، ',
    'कर्म क्ष ',
    'ශ්‍රී ',
    '字',
    '한국 ',
    'ไทย',
    '’',
    '“„”',
    '—',
    '…',
    '€',
  ],
  ...['👨‍👩‍👧‍👦', '👍🏿', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '🇫🇷', '1️⃣', '🫪', '❤️', '\u200d', 'e\u0301', '\n'],
  ...[
    'https://example.org/a',
    'https://rivers.kids/abcdefghijklmnopqrstuvwxyz',
    'http://a.web',
    'example.org',
    'a.music/x',
  ],
  ...[
    'https://nodot/x ',
    'https://t.co/abc/d',
    'https://пример.рф/путь',
    ' http://a.アマゾン/long/path/of/it',
  ],
  ...[
    '@anna@social.example.org ',
    '@a@пример.рф',
    '@x@.de ',
    '$ABC',
    ' $DEF ',
    '$A_b',
    'x$Y',
    ' ',
    '.',
    ',',
    ')',
    '-',
    '/',
    '_',
  ],
  ...['#Tag ', '#Col·laboració', '{[', '*_~', '\\'],
];

function textsNear(rule: TextRule): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...PIECES) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }) },
  );
  const filler = fc.constantFrom('a', 'ж', '字', '’', 'क्ष', '👍🏿', 'e ', 'a.');
  return fc
    .tuple(fc.array(piece, { maxLength: 25 }), filler, fc.array(piece, { maxLength: 6 }))
    .map(([before, sign, after]) => filled(rule, before.join(''), sign, after.join('')))
    .filter((text) => text !== '');
}

function takes(rule: TextRule, text: string): boolean {
  const { limit } = rule;
  return isTaken({ length: rule.measure(text), limit, refused: rule.refuses?.(text) });
}

/** As much of a sign in the middle as still fits. */
function filled(rule: TextRule, before: string, sign: string, after: string): string {
  if (rule.limit > 500) return (before + after).trim();
  const textOf = (times: number) => (before + sign.repeat(times) + after).normalize('NFC').trim();
  let fit = 0;
  for (let step = 1 << 9; step >= 1; step >>= 1) {
    if (takes(rule, textOf(fit + step))) fit += step;
  }
  return textOf(fit);
}

describe('B3 a text that is taken here', () => {
  it.each(TEXT_RULES.map((rule) => [rule.label, rule] as const))(
    'is not refused by %s when it counts strictly',
    (_label, rule) => {
      const says = SIMULATED[rule.platform];
      let atTheLimit = 0;
      fc.assert(
        fc.property(textsNear(rule), (text) => {
          fc.pre(takes(rule, text));
          if (rule.measure(text) > rule.limit * 0.9) atTheLimit++;
          expect(says?.(text) ?? null).toBeNull();
        }),
        { numRuns: Math.ceil(FUZZ_RUNS / 4) },
      );
      // Most texts are filled up to the limit, where it is near.
      if (rule.limit <= 500) expect(atTheLimit).toBeGreaterThan(5);
    },
  );

  it.each([
    [`${'x'.repeat(495)}’’’`, 504],
    [`${'ж'.repeat(251)}${'w'.repeat(7)}`, 509],
  ])('fits Threads by its bytes', (text, bytes) => {
    const rule = TEXT_RULES.find(({ platform }) => platform === 'threads');
    expect(rule?.measure(text)).toBe(bytes);
    expect(onThreads(text)).toMatch(/at most 500/);
    expect(rule?.counts).toContain('bytes of UTF-8');
  });
});
