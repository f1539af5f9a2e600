import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileTemplate, findPlaceholders, renderMessage } from '../../src/domain/template.ts';
import { problemsOf } from './problems.ts';

const values = { hashtags: ['One', 'Two'], link: 'https://example.org/x', campaign: 'A title' };
const refusal = (source: string) =>
  problemsOf(() => compileTemplate(source, 'messages.fr').render(values)).join('\n');

describe('renderMessage', () => {
  test('fills in the placeholders', () => {
    expect(renderMessage('{{ campaign }}: {{ hashtags }} {{link}}', values)).toBe(
      'A title: #One #Two https://example.org/x',
    );
  });

  test('lets a message ask whether a supporter gave a name', () => {
    const source =
      'Stand up{% if name %}, says {{ name }}{% endif %}{% if place %} in {{ place }}{% endif %}.';
    expect(renderMessage(source, values)).toBe('Stand up.');
    expect(renderMessage(source, { ...values, name: '', place: '  ' })).toBe('Stand up.');
    expect(renderMessage(source, { ...values, name: 'Zoë', place: 'Saint-Denis' })).toBe(
      'Stand up, says Zoë in Saint-Denis.',
    );
  });

  test.each([
    ['{% unless name %}nobody{% endunless %}', 'nobody'],
    ['{{ name | default: "somebody" | upcase }}', 'SOMEBODY'],
    ['{% case link %}{% when "x" %}x{% else %}y{% endcase %}', 'y'],
    ['{% assign a = campaign | append: "!" %}{{ a }}', 'A title!'],
    ['{% for i in (1..3) %}{{ i }}{% endfor %}', '123'],
    ['{% comment %}{{ nothing }}{% endcomment %}a{% # note %}', 'a'],
    ['{% raw %}{{ link }}{% endraw %}', '{{ link }}'],
    ['{{ link.size }}', '21'],
  ])('renders %s', (source, text) => expect(renderMessage(source, values)).toBe(text));

  test('tidies: NFC, LF, no blanks at the ends', () => {
    expect(renderMessage('  e\u0301\r\nb \r\n', values)).toBe('é\nb');
  });

  test('checks what a supporter typed once more', () => {
    expect(problemsOf(() => renderMessage('{{ name }}', { ...values, name: '@x' })).join()).toMatch(
      /^name: /,
    );
  });

  test('is pure', () => {
    const name = fc.stringMatching(/^[a-z]{0,30}$/);
    const source = '{{ campaign }} {% for i in (1..9) %}{{ name }}{% endfor %} {{ hashtags }}';
    const template = compileTemplate(source);
    fc.assert(
      fc.property(name, fc.array(fc.stringMatching(/^[a-z]+$/)), (who, hashtags) => {
        const given = Object.freeze({ ...values, hashtags: Object.freeze(hashtags), name: who });
        const first = template.render(given);
        template.render(values);
        expect(template.render(given)).toBe(first);
        expect(renderMessage(source, given)).toBe(first);
      }),
    );
  });
});

describe('placeholdersOf', () => {
  test('finds them in every branch, once each', () => {
    const source =
      '{% if false %}{{ place }}{% endif %}{{ link }}{{ link }}{% if name %}x{% endif %}';
    expect(findPlaceholders(source)).toEqual(['link', 'name', 'place']);
  });

  test('does not take a template’s own words for placeholders', () => {
    expect(
      findPlaceholders('{% assign a = 1 %}{% for b in (1..2) %}{{ a }}{{ b }}{% endfor %}'),
    ).toEqual([]);
  });
});

describe('a template that cannot be taken', () => {
  test.each(['{{ link', '{% if name %}x', '{% if %}x{% endif %}', '{{ }}', '{%', '{% endif %}'])(
    'has a syntax error: %s',
    (source) => {
      expect(refusal(source)).toMatch(/^messages\.fr: .*\(line 1 of this text, column \d+\)/);
      expect(refusal(source)).toContain(
        'Placeholders are {{ hashtags }}, {{ link }}, {{ campaign }}',
      );
    },
  );

  test('says line and column', () => {
    expect(refusal('one\ntwo {{ lnik }}')).toContain(
      '`lnik` (line 2 of this text, column 8); did you mean `link`?',
    );
  });

  test.each([
    '{{ nobody }}',
    'x{% if false %}{{ nobody }}{% endif %}',
    'x{% case 1 %}{% when 2 %}{{ nobody }}{% endcase %}',
    'x{% for i in (1..nobody) %}{% endfor %}',
    'x{{ link | append: nobody }}',
    '{{ nobody }}{% assign nobody = 1 %}',
    '{{ __proto__ }}',
    '{{ constructor }}',
  ])('has a placeholder that does not exist: %s', (source) => {
    expect(refusal(source)).toMatch(/^messages\.fr: there is no placeholder `/);
  });

  test.each([
    '{{ link.constructor }}',
    'x{% if false %}{{ name.first }}{% endif %}',
    '{{ link[0] }}',
  ])('asks a placeholder for a part: %s', (source) =>
    expect(refusal(source)).toContain('placeholders have no parts'),
  );

  test.each([
    'include',
    'render',
    'layout',
    'block',
    'tablerow',
    'increment',
    'decrement',
    'cycle',
    'capture',
    'liquid',
    'echo',
  ])('uses the tag %s', (tag) =>
    expect(refusal(`{% ${tag} "a" %}`)).toContain(`has no tag \`${tag}\``),
  );

  test.each(['date', 'sample', 'json', 'where_exp', 'replace', 'base64_decode', 'raw'])(
    'uses the filter %s',
    (filter) =>
      expect(refusal(`x{% if false %}{{ "now" | ${filter} }}{% endif %}`)).toContain(
        `has no filter \`${filter}\``,
      ),
  );

  test.each([
    '{% for i in (1..100000000) %}{% endfor %}',
    '{% for i in (1..9007199254740991) %}x{% endfor %}',
    '{% for i in (1..1000) %}{% for j in (1..1000) %}{% endfor %}{% endfor %}',
    '{% assign r = (1..900) %}{% for a in r %}{% for b in r %}{% for c in r %}{% endfor %}{% endfor %}{% endfor %}',
    '{% assign a = "xx" %}{% for i in (1..60) %}{% assign a = a | append: a %}{% endfor %}{{ a }}',
    '{% if (1..100000000) contains 5 %}x{% endif %}',
  ])('works without end: %s', (source) => {
    expect(refusal(source)).toMatch(/^messages\.fr: does too much work/);
  });

  test('comes out far too long for anything', () => {
    const source = `{% assign r = (1..400) %}{% for i in r %}${'x'.repeat(1000)}{% endfor %}`;
    expect(refusal(source)).toContain('comes out with 400000 characters');
  });

  test.each(['', ' \n ', '{{ name }}', '{% if name %}x{% endif %}'])(
    'comes out empty: "%s"',
    (source) => {
      expect(refusal(source)).toMatch(/^messages\.fr: (?:is|comes out) empty/);
    },
  );

  test.each([
    ['{{ name }}', 'when no name is given; write some text for that case'],
    ['{% if place %}x{% endif %}', 'when no place is given'],
    ['{% if name %}x{% elsif place %}y{% endif %}', 'when no name and no place is given'],
    ['{% if false %}x{% endif %}', 'comes out empty; write some text'],
  ])('comes out empty, and says when: %s', (source, says) =>
    expect(refusal(source)).toContain(says),
  );

  test.each(['\u0000', '\u001b', '\t', '\u202e', '\u2067', '\ufeff', '\ud800', '\u2028'])(
    'holds a character that must not be posted: %j',
    (character) =>
      expect(refusal(`a\nb${character}c`)).toMatch(
        /^messages\.fr: holds .* \(line 2 of this text, column 2\)/,
      ),
  );

  test('is longer than 2,000 characters', () => {
    expect(refusal('x'.repeat(2001))).toBe('messages.fr: has 2001 characters; 2000 are the most');
    expect(refusal('x'.repeat(2000))).toBe('');
  });
});
