import { expect, it } from 'vitest';
import { deriveKey, openSealed, seal } from '../../../src/store/vault/envelope.ts';

const KEY = Buffer.alloc(32, 7);
const BATCH_AAD = 'batch|campaign|receipts';

const open = (sealed: Buffer, aad: string) =>
  openSealed(sealed, { key: KEY, dataKey: () => KEY, aad, batchAad: () => BATCH_AAD }).toString();

/** Sealed under KEY by versions that wrapped a data key beside each value, alone or in a batch. */
const OLD = [
  [
    'place one',
    '"alone"',
    'AXz9mmirXBYEwxw9ic58FpCtjLeF6E8ZqCGThxEQDVUNhKoj9Y7cFQETlVyaqT1LS6UQUn+hlW+Q+Xlptll1ALGPJDYr9Y0qmLdtjw5yQl/Y6tkL1DNvJ7SViIXTa+FU',
  ],
  [
    'place one',
    '"first"',
    'At2Wei2qhf5winMlmanUl5bpN8sT3+SVaErcnJvS3HZXeCPcBab8v+81tGyogAJMXPqKc5iGz2ZEIWhT8gAAAAAAAAAAAAAAABmQIxxKZQFK6xEJmsfJYNxRaYiLpZTP',
  ],
  [
    'place two',
    '"second"',
    'At2Wei2qhf5winMlmanUl5bpN8sT3+SVaErcnJvS3HZXeCPcBab8v+81tGyogAJMXPqKc5iGz2ZEIWhT8gAAAAAAAAAAAAAAAeuoU5ZLLQPPWcYokyA8G6Nn+2BtS2OTmw==',
  ],
] as const;

it('still opens what was sealed under a wrapped data key, alone and in batches', () => {
  for (const [aad, value, base64] of OLD) {
    const bytes = Buffer.from(base64, 'base64');
    expect(open(bytes, aad)).toBe(value);
    expect(() => open(bytes, 'place three')).toThrow(/cannot be opened/);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => open(changed, aad), `bit ${bit}`).toThrow();
    }
  }
});

it('never seals two values with the same nonce', () => {
  const sealed = Array.from({ length: 2_000 }, () => seal(KEY, Buffer.from('1'), 'place'));
  const nonces = sealed.map((bytes) => bytes.subarray(1, 13).toString('hex'));
  expect(new Set(nonces).size).toBe(2_000);
});

it('takes the wrapped data key of an older value for no value', () => {
  const [aad, , base64] = OLD[0];
  const wrapped = Buffer.from(base64, 'base64').subarray(1, 61);
  const under = seal(KEY, Buffer.from('1'), aad);
  const forged = Buffer.concat([under.subarray(0, 1), wrapped]);
  expect(() => open(forged, aad)).toThrow(/cannot be opened/);
});

it('derives a data key for each place and each key', () => {
  const keys = [
    deriveKey(KEY, 'place one'),
    deriveKey(KEY, 'place two'),
    deriveKey(Buffer.alloc(32, 8), 'place one'),
  ].map((key) => key.toString('hex'));
  expect(new Set([...keys, KEY.toString('hex')]).size).toBe(4);
  expect(deriveKey(KEY, 'place one').toString('hex')).toBe(keys[0]);
});
