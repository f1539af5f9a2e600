import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ConfigurationError } from '../src/domain/errors.ts';
import { quoted } from './quoted.ts';

/** Names that the HTTP server knows for networks; all of them are private. */
const NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

/**
 * Reads TRUST_PROXY.
 * @throws ConfigurationError where a part is no network, or where together they are everybody.
 */
export function trustProxy(text: string): string[] {
  const proxies = text.split(',').flatMap((part) => part.trim() || []);
  const ranges = proxies.flatMap((proxy) => parseRange(proxy) ?? []);
  for (const whole of EVERYBODY) {
    const inside = ranges.filter((range) => isBelow(range, whole));
    if (countAddresses(inside, whole) * 2n < whole.to - whole.from) continue;
    throw everybody(inside);
  }
  return proxies;
}

/** Addresses of one family, as whole numbers: from the first until before the last. */
interface Range {
  text: string;
  bits: 32 | 128;
  from: bigint;
  to: bigint;
}

/** The addresses that visitors have: of IPv4 any, of IPv6 those that the Internet routes (2000::/3). */
const EVERYBODY: readonly Range[] = [
  { text: 'IPv4', bits: 32, from: 0n, to: 1n << 32n },
  { text: 'IPv6', bits: 128, from: 1n << 125n, to: 2n << 125n },
];

/** Undefined for a name. @throws ConfigurationError where it is no network. */
function parseRange(proxy: string): Range | undefined {
  if (NETWORKS.includes(proxy)) return undefined;
  const [address = '', prefix, ...rest] = proxy.split('/');
  // With a zone (`fe80::1%eth0`) it is an address of one machine's own links.
  if (isIP(address) === 0 || address.includes('%') || rest.length > 0) throw noNetwork(proxy);
  const parsed = ipaddr.parse(address);
  const most = parsed.kind() === 'ipv4' ? 32 : 128;
  const length = prefix === undefined ? most : Number(/^\d{1,3}$/.exec(prefix)?.[0] ?? -1);
  if (length < 0 || length > most) throw noNetwork(proxy);
  const first = parsed.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return inFamily({ text: proxy, bits: most, ...networkAt(first, BigInt(most - length)) });
}

function networkAt(address: bigint, free: bigint): Pick<Range, 'from' | 'to'> {
  const from = (address >> free) << free;
  return { from, to: from + (1n << free) };
}

const MAPPED = 0xffffn << 32n;

/** A network within ::ffff:0:0/96 is one of IPv4. */
function inFamily(range: Range): Range {
  const { text, bits, from, to } = range;
  if (bits === 32 || from < MAPPED || to > MAPPED + (1n << 32n)) return range;
  return { text, bits: 32, from: from - MAPPED, to: to - MAPPED };
}

function isBelow({ bits, from, to }: Range, whole: Range): boolean {
  return bits === whole.bits && from < whole.to && to > whole.from;
}

/** How many addresses of `whole` are in any of the ranges. */
function countAddresses(ranges: readonly Range[], whole: Range): bigint {
  let end = whole.from;
  let count = 0n;
  for (const { from, to } of ranges.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const start = from > end ? from : end;
    const last = to < whole.to ? to : whole.to;
    if (last <= start) continue;
    count += last - start;
    end = last;
  }
  return count;
}

function noNetwork(proxy: string): ConfigurationError {
  return new ConfigurationError(
    `TRUST_PROXY: ${quoted(proxy)} is not an address, a network such as 10.0.0.0/8, or one of ${NETWORKS.join(', ')}`,
  );
}

function everybody(ranges: readonly Range[]): ConfigurationError {
  const [one] = ranges.filter(({ bits, from, to }) => to - from === 1n << BigInt(bits));
  const what =
    one === undefined
      ? `${quoted(ranges.map(({ text }) => text).join(','))} is half of all addresses or more`
      : `${quoted(one.text)} is every address there is`;
  return new ConfigurationError(
    `TRUST_PROXY: ${what}, so anybody could pass for another; name your proxies alone, for example TRUST_PROXY=loopback or TRUST_PROXY=10.0.0.5`,
  );
}
