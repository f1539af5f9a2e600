import { createHash } from 'node:crypto';
import type { Accounts, SimulatedAccount } from '../accounts.ts';

/** Where all of this server's accounts have their handles. */
const DOMAIN = '.bsky.social';
/** And where they can be found, too. */
const DOMAINS = [DOMAIN, '.test'];
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const DID_LENGTH = 24;

/** A DID of the kind plc for the nth account; the same in every run. */
export function makeDid(nth: number): string {
  return `did:plc:${base32(createHash('sha256').update(`account ${nth}`).digest(), DID_LENGTH)}`;
}

/** What a content address looks like. */
export function makeCid(text: string): string {
  return `bafyrei${base32(createHash('sha256').update(text).digest(), 52)}`;
}

/** The simulator's handles are words with underscores, those of the network domain names: person_1 is person-1.bsky.social. */
export function toHandle({ handle }: Pick<SimulatedAccount, 'handle'>): string {
  return handle.toLowerCase().replaceAll('_', '-') + DOMAIN;
}

/** By handle of either form, or DID. */
export function findAccountByName(accounts: Accounts, name: string): SimulatedAccount | undefined {
  return accounts.find(plainHandle(name)) ?? accounts.byId(name);
}

/** As the simulator has it. */
export function plainHandle(name: string): string {
  const bare = name.trim().replace(/^@/, '');
  const domain = DOMAINS.find((one) => bare.endsWith(one));
  return domain ? bare.slice(0, -domain.length).replaceAll('-', '_') : bare;
}

function base32(bytes: Buffer, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) text += BASE32[(bytes[i % bytes.length] as number) & 31];
  return text;
}
