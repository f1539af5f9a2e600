import { expect, test } from 'vitest';
import { mendedAddress } from '../../src/http/mended-address.ts';

const get = (url: string) => mendedAddress({ method: 'GET', url });

test.each([
  ['/c/speak-up/', '/c/speak-up'],
  ['/c/speak-up.', '/c/speak-up'],
  ['/c/speak-up)', '/c/speak-up'],
  ['/c/speak-up).', '/c/speak-up'],
  ['/c/speak-up%E2%80%9D', '/c/speak-up'],
  ['/c/speak-up%D8%8C', '/c/speak-up'],
  ['/c/speak-up%E3%80%8D', '/c/speak-up'],
  ['/c/speak-up%C2%BB', '/c/speak-up'],
  ['/c/speak-up%20', '/c/speak-up'],
  ['/c/speak-up%E2%80%8F', '/c/speak-up'],
  ['/c/Speak-Up', '/c/speak-up'],
  ['/C/SPEAK-UP/', '/c/speak-up'],
  ['/c/speak-up/?lang=ar', '/c/speak-up?lang=ar'],
  ['/c/Speak-Up/widget?lang=ar&x=?', '/c/speak-up/widget?lang=ar&x=?'],
  ['/s/aBcDeF.', '/s/aBcDeF'],
  ['/r/aB_cD-.', '/r/aB_cD-'],
])('C13 %s leads to %s', (url, expected) => {
  expect(get(url)).toBe(expected);
  expect(get(expected)).toBeNull();
});

test.each([
  '/',
  '/c/speak-up',
  '/r/aBcDeF',
  '/c/speak-up?x=.',
  '//evil.example.',
  '/\\evil.example/',
  '/%2Fevil.example.',
  '/%5Cevil.example.',
  '/%E0%A4%A',
  '/c/speak-up%00',
  '/c/speak-up%0A.',
  `/c/${'.'.repeat(50_000)}`,
  `/c/${'.'.repeat(50_000)}a`,
])('C13 %.60s leads nowhere else', (url) => {
  expect(get(url)).toBeNull();
});

test('C13 nothing that is sent is sent elsewhere', () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    expect(mendedAddress({ method, url: '/c/speak-up.' })).toBeNull();
  }
});
