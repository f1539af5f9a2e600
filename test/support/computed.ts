import { createHash, createHmac } from 'node:crypto';
import { recordKey } from '../../src/platforms/bluesky/record.ts';

const LETTERS = '234567abcdefghijklmnopqrstuvwxyz';
const HASHES = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const;
const FORMS = ['hex', 'base64', 'base64url'] as const;
/** X, and Mastodon with its kin: where their ids begin to count, in ms, and how many bits stand below the milliseconds. */
const CLOCKED = [
  { epochMs: 1_288_834_974_657, bits: 22n },
  { epochMs: 0, bits: 16n },
] as const;

/**
 * Everything that anybody can compute of a ledger's export that a network might know a post by: hashes of all that stands in it,
 * alone, in pairs and as keys of one another; record keys by the rule that was; ids that are made of a time.
 */
export function computedFrom(text: string): Set<string> {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const [header = {}, ...entries] = lines;
  const moment = new Date(String(header.moment));
  const open = [header.campaign, header.slug, header.moment].map(String);
  const found = new Set<string>();
  for (const entry of entries) {
    const values = Object.values(entry).filter((one) => one !== null && one !== '');
    for (const value of values.map(String)) {
      for (const one of formsOf(value, open)) found.add(one);
    }
    if (typeof entry.delivery === 'string') {
      found.add(recordKey(entry.delivery, moment));
      const pair = `${entry.delivery}${String(entry.number)}`;
      for (const one of formsOf(pair, open)) found.add(one);
    }
  }
  for (const time of timesIn(lines)) for (const one of idsAt(time)) found.add(one);
  return found;
}

function formsOf(value: string, keys: readonly string[]): string[] {
  const variants = [value, value.replaceAll('-', ''), Buffer.from(value).toString('base64')];
  const digests = HASHES.flatMap((hash) => [
    createHash(hash).update(value).digest(),
    ...keys.map((key) => createHmac(hash, key).update(value).digest()),
    ...keys.map((key) =>
      createHash(hash)
        .update(key + value)
        .digest(),
    ),
    ...keys.map((key) =>
      createHash(hash)
        .update(value + key)
        .digest(),
    ),
  ]);
  const forms = digests.flatMap((digest) =>
    FORMS.flatMap((form) => [digest.toString(form), digest.subarray(0, 16).toString(form)]),
  );
  return [...variants, ...forms];
}

/** Every time in it, in microseconds since 1970. */
function timesIn(lines: readonly Record<string, unknown>[]): bigint[] {
  const times = lines.flatMap((line) => [line.at, line.sent_at, line.moment]);
  return times.flatMap((time) => {
    const parts = /^(.*\.\d{3})(\d{3})Z$/.exec(String(time));
    return parts ? [BigInt(Date.parse(`${parts[1]}Z`)) * 1_000n + BigInt(parts[2] ?? 0)] : [];
  });
}

/** Ids that hold nothing but a time: TIDs of the clocks that are usual (atproto.com/specs/tid), and those of X and Mastodon. */
function idsAt(micros: bigint): string[] {
  const tids = [0n, 1n, 1_023n].flatMap((clock) => [
    tidOf(micros, clock),
    tidOf((micros / 1_000_000n) * 1_000_000n, clock),
  ]);
  const ms = micros / 1_000n;
  const clocked = CLOCKED.map(({ epochMs, bits }) => String((ms - BigInt(epochMs)) << bits));
  return [...tids, ...clocked];
}

function tidOf(micros: bigint, clock: bigint): string {
  let rest = (micros << 10n) | clock;
  let key = '';
  for (let i = 0; i < 13; i++) {
    key = (LETTERS[Number(rest & 31n)] as string) + key;
    rest >>= 5n;
  }
  return key;
}
