import { createHmac, randomBytes } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A network in this process's memory: a keyed hash, good for a day, that leads back to no address. */
export type NetworkKey = string;

/** Bits of an address that are one network's: what a small provider gives to one of its customers, or to a handful. */
const PREFIX_BITS = { ipv4: 24, ipv6: 48 } as const;
const DAY_MS = 86_400_000;

/** The names that TRUST_PROXY knows, as networks (proxy-addr, which Fastify reads it with). */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/**
 * Tells which network an address is of. Null for this machine and for the proxies that the operator trusts: whatever comes as one
 * of those is of no network that is known, such as visitors of an onion address, whom Tor brings from this machine.
 * `now`: epoch milliseconds; the key of the hash changes when a day of it is over, and is kept nowhere.
 */
export function createNetworks(
  trusted: readonly string[],
  now: () => number = Date.now,
): (address: string) => NetworkKey | null {
  const known = toBlockList([
    ...(NAMED.loopback ?? []),
    ...trusted.flatMap((one) => NAMED[one] ?? one),
  ]);
  let key = { day: Number.NaN, bytes: Buffer.alloc(0) };
  return (address) => {
    const bare = withoutPort(address).split('%')[0] ?? '';
    if (isIP(bare) === 0) return null;
    const parsed = ipaddr.process(bare);
    const kind = parsed.kind();
    if (known.check(parsed.toString(), kind)) return null;
    const day = Math.floor(now() / DAY_MS);
    if (day !== key.day) key = { day, bytes: randomBytes(32) };
    const bits = PREFIX_BITS[kind];
    const prefix = parsed.toByteArray().slice(0, bits / 8);
    const hash = createHmac('sha256', key.bytes).update(kind).update(Buffer.from(prefix));
    return hash.digest('base64url').slice(0, 22);
  };
}

/** Some proxies write the port, too: `192.0.2.1:4711`, `[2001:db8::1]:443`. */
function withoutPort(address: string): string {
  const [, v6, v4] = /^(?:\[([^\]]+)\](?::\d+)?|(\d+(?:\.\d+){3}):\d+)$/.exec(address) ?? [];
  return v6 ?? v4 ?? address;
}

function toBlockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const kind = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (bits === undefined) list.addAddress(address, kind);
    else list.addSubnet(address, Number(bits), kind);
  }
  return list;
}
