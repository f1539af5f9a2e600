import { lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { type LocatorProblem, LocatorRejected } from '../domain/account-locator.ts';

/** Keeps requests to servers that supporters name out of private networks. */
export interface Guard {
  /** For every connection that is opened: every address that a name has must be public, not only the first. */
  readonly lookup: LookupFunction;
  /**
   * The origin of a server that a supporter has named: https, no user, no port but the usual one, and an address that is
   * public where it is one. Names are looked up by `lookup`, when the connection is opened, and at no other time.
   * @throws LocatorRejected `malformed` or `private`.
   */
  origin(server: string): string;
  /** A host and port, as a URL has them, that the operator has named as theirs: reached wherever they are. */
  isOurs(host: string): boolean;
  /** Whether it is where one of theirs is reached: one of https is not to be asked in clear. */
  isOurOrigin(origin: string): boolean;
}

/** An address that a connection must not go to. `code` as in node's own errors of a connection, for the ledger. */
export class PrivateAddress extends LocatorRejected {
  readonly code = 'PRIVATE_ADDRESS';
  constructor(address: string) {
    super('private', `${address} is not a public address`);
  }
}

/** Where a server in the operator's own network is reached: `host` by https, `host:port` by http. */
export function ourOrigin(host: string): string {
  return new URL(/:\d+$/.test(host) ? `http://${host}` : `https://${host}`).origin;
}

/** `ours`: host or host:port of servers in the operator's own network, such as a simulator's; see {@link ourOrigin}. */
export function createGuard(ours: readonly string[]): Guard {
  const origins = new Map<string, string>();
  for (const host of ours) {
    const origin = ourOrigin(host);
    // Port 80 is in no URL, and people may name it.
    origins.set(host.toLowerCase(), origin).set(new URL(origin).host, origin);
  }
  const all = new Set(origins.values());
  const names = new Set([...all].map((origin) => new URL(origin).hostname));
  const isOurs = (host: string): boolean => origins.has(host.toLowerCase());
  return {
    isOurs,
    isOurOrigin: (origin) => all.has(origin),
    lookup: (hostname, options, callback) => {
      resolve(hostname, { ...options, all: true }, (error, found) => {
        if (error) return callback(error, '');
        const wrong = found.find(({ address }) => !isPublicAddress(address));
        if (wrong && !names.has(hostname.toLowerCase())) {
          return callback(new PrivateAddress(wrong.address), '');
        }
        if (options.all) return callback(null, found);
        const [first] = found;
        return callback(null, first?.address ?? '', first?.family);
      });
    },
    origin: (server) => parseOrigin(server, origins),
  };
}

function parseOrigin(server: string, ours: ReadonlyMap<string, string>): string {
  const refuse = (problem: LocatorProblem, why: string): never => {
    throw new LocatorRejected(problem, why);
  };
  const typed = server.trim();
  if (!/^(https?:\/\/)?[^\s/\\@?#%]+\/?$/i.test(typed))
    refuse('malformed', 'not the name of a server');
  const bare = typed.replace(/^https?:\/\//i, '').replace(/\/$/, '');
  const own = ours.get(bare.toLowerCase()) ?? ours.get(parseHost(bare));
  if (own !== undefined) return own;
  // The URL parser knows every spelling of an address: octal, hexadecimal, a single number, full-width digits.
  const url = URL.canParse(`https://${bare}`) ? new URL(`https://${bare}`) : null;
  if (url?.port !== '' || bare.includes(':')) {
    const address = bare.startsWith('[') ? bare.slice(1, bare.indexOf(']')) : '';
    if (isIP(address.split('%')[0] ?? '') !== 0) refuse('private', 'an address is not a name');
    refuse('malformed', 'not the name of a server');
  }
  const host = (url as URL).hostname;
  // A server of a public network has a name; what has none is a private one.
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0) refuse('private', 'an address is not a name');
  // A single word may be a machine beside ours, and is far more often the beginning of an address, or a person's name.
  if (!host.includes('.') && host !== 'localhost') refuse('malformed', 'a name without a dot');
  if (/^\.|\.\.|\.$/.test(host) || PRIVATE_NAME.test(host)) {
    refuse('private', 'a name of a private network');
  }
  return (url as URL).origin;
}

/** As a URL has it; '' where it is in none. */
function parseHost(text: string): string {
  return URL.canParse(`http://${text}`) ? new URL(`http://${text}`).host : '';
}

/** Names that are never in the public tree (RFC 6761, RFC 6762, RFC 8375, RFC 9476, and ICANN's .internal). */
const PRIVATE_NAME =
  /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|private|home\.arpa|test|example|invalid|onion|alt|arpa)$/i;

/** Of IPv6, only this has been given out for the public internet (IANA's address space registry). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Public by their number, and yet a cloud's own service to each machine in it: Azure's, which gives configuration and keys.
 * Those of the other clouds lie in special ranges. Source: learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
const OF_CLOUDS = new Set(['168.63.129.16']);

/**
 * Whether an address is one of the public internet's: unicast that has been given out, in none of the special ranges of IANA's
 * registries, mapped or tunnelled either. Takes an address in its usual spelling alone, as resolvers give it; all others, and
 * one with a zone, are not public.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || address.includes('%')) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv6
    ? parsed.match(GLOBAL_UNICAST) && !isTunnelled(parsed)
    : !OF_CLOUDS.has(parsed.toString());
}

/** ISATAP (RFC 5214, 6.1): the interface's id holds an IPv4 address, which is where a packet would end. */
function isTunnelled({ parts }: ipaddr.IPv6): boolean {
  return ((parts[4] ?? 0) & ~0x0200) === 0 && parts[5] === 0x5efe;
}

/** An address of this machine: the simulator, which cannot be reached from outside. */
export function isLoopback(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost') return true;
  return isIP(host) !== 0 && ipaddr.process(host).range() === 'loopback';
}
