import { createHash } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../src/outbound/ssrf-guard.ts';

/** IANA's special-purpose registries for IPv4 and IPv6, and what of IPv6 has not been given out. */
const SPECIAL = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24'],
  ...['192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24'],
  ...['203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4', '168.63.129.16/32'],
  ...['::/128', '::1/128', '::/96', '::ffff:0:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48'],
  ...['100::/64', '100:0:0:1::/64', '2001::/32', '2001:1::1/128', '2001:2::/48', '2001:3::/32'],
  ...['2001:4:112::/48', '2001:10::/28', '2001:20::/28', '2001:30::/28', '2001:db8::/32'],
  ...['2002::/16', '2620:4f:8000::/48', '3fff::/20', '5f00::/16', 'fc00::/7', 'fd00:ec2::/32'],
  ...['fe80::/10', 'fec0::/10', 'ff00::/8', '::/8', '200::/7', '400::/6', '800::/5', '1000::/4'],
  ...['4000::/3', '6000::/3', '8000::/3', 'a000::/3', 'c000::/3', 'e000::/4', 'f000::/5'],
  ...['f800::/6', 'fe00::/9'],
];

/** What was given out, none of it special: for IPv4 the neighbours of what is. */
const OPEN = [
  ...['1.0.0.0/8', '8.8.8.0/24', '9.0.0.0/8', '11.0.0.0/8', '100.0.0.0/10', '100.128.0.0/9'],
  ...['126.0.0.0/8', '128.0.0.0/8', '169.253.0.0/16', '169.255.0.0/16', '172.0.0.0/12'],
  ...['172.32.0.0/11', '192.0.1.0/24', '192.0.3.0/24', '192.167.0.0/16', '192.169.0.0/16'],
  ...['198.17.0.0/16', '198.20.0.0/16', '203.0.112.0/24', '203.0.114.0/24', '223.0.0.0/8'],
  ...['168.63.128.0/24', '168.63.130.0/24', '2a00::/12', '2600::/12', '2400::/12', '2800::/12'],
  ...['2c00::/12', '2003::/18', '2001:200::/23', '2001:4800::/23', '2620:0:2d0::/48'],
];

const EACH = 60;

/** First, last, and some in between, the same in every run. */
function within(cidr: string): string[] {
  const [base, bits] = ipaddr.parseCIDR(cidr);
  const bytes = base.toByteArray();
  const fill = (source: Uint8Array): string => {
    const mixed = bytes.map((byte, i) => {
      const kept = Math.max(0, Math.min(8, bits - i * 8));
      const mask = (0xff << (8 - kept)) & 0xff;
      return (byte & mask) | ((source[i] ?? 0) & ~mask & 0xff);
    });
    return ipaddr.fromByteArray(mixed).toString();
  };
  const random = Array.from({ length: EACH }, (_, i) =>
    fill(createHash('sha256').update(`${cidr} ${i}`).digest()),
  );
  return [fill(new Uint8Array(16)), fill(new Uint8Array(16).fill(255)), ...random];
}

/** An IPv4 address as IPv6 can hold it, in ways that lead to it. */
function wrapped(address: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  const high = (a * 256 + b).toString(16);
  const low = (c * 256 + d).toString(16);
  return [
    ...[`::ffff:${address}`, `::ffff:${high}:${low}`, `::${address}`, `::ffff:0:${address}`],
    ...[`64:ff9b::${address}`, `64:ff9b:1::${address}`, `2002:${high}:${low}::1`],
    ...[`2a00:1:2:3:0:5efe:${high}:${low}`, `2a00:1:2:3:200:5efe:${high}:${low}`],
  ];
}

const PRIVATE_IPV4 = SPECIAL.filter((cidr) => cidr.includes('.')).flatMap(within);

describe('TRUST S3 which addresses are public', () => {
  const closed = [
    ...SPECIAL.flatMap(within),
    ...PRIVATE_IPV4.flatMap(wrapped),
    ...['::2', '4000::1', '168.63.129.16', '::ffff:168.63.129.16', 'fd00:ec2::254'],
  ];

  it('TRUST S3 are none of over 5,000 in special ranges, mapped and tunnelled', () => {
    expect(new Set(closed).size).toBeGreaterThan(5_000);
    expect(closed.filter(isPublicAddress)).toEqual([]);
  });

  it('TRUST S3 are those of the public internet, mapped ones too', () => {
    const open = OPEN.flatMap(within);
    expect(open.filter((address) => !isPublicAddress(address))).toEqual([]);
    const mapped = open.filter((one) => one.includes('.')).map((one) => `::ffff:${one}`);
    expect(mapped.filter((address) => !isPublicAddress(address))).toEqual([]);
  });

  it('TRUST S3 are none in a spelling that resolvers do not give', () => {
    const odd = [
      ...['08.8.8.8', '8.8.8', '0x08.8.8.8', '134744072', '8.8.8.8.', ' 8.8.8.8', '8.8.8.8%eth0'],
      ...['[2a00::1]', '2a00::1%eth0', '2a00::1%25eth0', '2a00:::1', '', 'x', 'mastodon.social'],
    ];
    expect(odd.filter(isPublicAddress)).toEqual([]);
  });
});
