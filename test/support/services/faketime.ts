import { existsSync } from 'node:fs';
import { programLadder } from './program-ladder.ts';

/** Debian's places of libfaketime, by architecture. */
const PLACES = ['x86_64', 'aarch64'].map(
  (machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`,
);

/** The ways to libfaketime, with which a process has another clock than its machine. */
export const faketime = programLadder(
  'libfaketime',
  'FAKETIME_PATH',
  ['faketime'],
  async () => PLACES.find(existsSync) ?? null,
);
