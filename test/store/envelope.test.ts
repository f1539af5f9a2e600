import { expect, it } from 'vitest';
import { openSealed, sealSingle, sealUnder } from '../../src/store/envelope.ts';

const KEY = Buffer.alloc(32, 7);
const BATCH_AAD = 'batch|campaign|receipts';

it('still opens what was sealed in batches, under one data key', () => {
  const sealed = [
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
  for (const [aad, value, base64] of sealed) {
    const bytes = Buffer.from(base64, 'base64');
    expect(openSealed(KEY, bytes, { aad, batchAad: BATCH_AAD }).toString()).toBe(value);
    const elsewhere = { aad: 'place three', batchAad: BATCH_AAD };
    expect(() => openSealed(KEY, bytes, elsewhere)).toThrow(/cannot be opened/);
  }
});

it('never seals two values with the same nonce', () => {
  const sealed = Array.from({ length: 1_000 }, () => [
    sealUnder(KEY, Buffer.from('1'), 'place'),
    sealSingle(KEY, Buffer.from('1'), 'place'),
  ]);
  const nonces = sealed.flat().map((bytes) => bytes.subarray(1, 13).toString('hex'));
  expect(new Set(nonces).size).toBe(2_000);
});

it('takes the wrapped data key of a value for no value', () => {
  const aad = 'place';
  const single = sealSingle(KEY, Buffer.from('1'), aad);
  const under = sealUnder(KEY, Buffer.from('1'), aad);
  const forged = Buffer.concat([under.subarray(0, 1), single.subarray(1, 61)]);
  expect(() => openSealed(KEY, forged, { aad, batchAad: BATCH_AAD })).toThrow(/cannot be opened/);
});
