import { createHash } from 'node:crypto';

/**
 * The ledger of a campaign: what was tried, and who stopped it, as one chain of hashes. docs/ledger.md describes the format so
 * that anybody can check an export with a program of their own; a change here is a new LEDGER_FORMAT.
 */
export const LEDGER_FORMAT = 'tocsin-ledger-1';

/** Around the moment the database belongs to the burst: nothing of that campaign is sealed then. Milliseconds. */
export const UNSEALED_AROUND_MOMENT = { beforeMs: 5_000, afterMs: 10_000 } as const;

/** One try at a delivery. The post's id and address are left out: a list of posts is a list of supporters. */
export interface AttemptEntry {
  kind: 'attempt';
  /** When the answer came. All times are UTC with microseconds: `2017-07-10T08:00:00.000123Z`. */
  at: string;
  delivery: string;
  number: number;
  worker: string;
  sentAt: string | null;
  /** When the network wrote its answer, by its own clock; absent where it does not say. */
  networkAt?: string;
  outcome: string;
  detail: string;
}

/** What an operator, or a breaker, did to the campaign under way. */
export interface EventEntry {
  kind: 'event';
  at: string;
  actor: string;
  action: string;
  scope: string;
  detail: string;
}

export type LedgerEntry = AttemptEntry | EventEntry;

/** Where a chain ends: the last entry's position, 0 while there is none, and hash. */
export interface LedgerHead {
  position: number;
  hash: string;
}

/** What an export says of itself in its first line. */
export interface LedgerHeader {
  campaign: string;
  slug: string;
  moment: string;
  exportedAt: string;
  head: LedgerHead;
}

/** The hash before a campaign's first entry: it binds the chain to the campaign, and to this format. */
export function startHash(campaignId: string): string {
  return sha256(`${LEDGER_FORMAT} ${campaignId}`);
}

/** The hash of an entry: SHA-256 of the previous one, as 64 hexadecimal digits, followed by the entry's canonical JSON. */
export function nextHash(previous: string, content: string): string {
  return sha256(previous + content);
}

/** Canonical JSON of an entry: these keys in this order, no blanks, text escaped no more than JSON demands. */
export function canonicalEntry(campaignId: string, position: number, entry: LedgerEntry): string {
  const place = { position, campaign: campaignId, kind: entry.kind, at: entry.at };
  switch (entry.kind) {
    case 'attempt':
      return JSON.stringify({
        ...place,
        delivery: entry.delivery,
        number: entry.number,
        worker: entry.worker,
        sent_at: entry.sentAt,
        ...(entry.networkAt === undefined ? {} : { network_at: entry.networkAt }),
        outcome: entry.outcome,
        detail: entry.detail,
      });
    case 'event':
      return JSON.stringify({
        ...place,
        actor: entry.actor,
        action: entry.action,
        scope: entry.scope,
        detail: entry.detail,
      });
  }
}

/** Heads after each of these entries, in turn, when they are added to a chain that ends in `head`. */
export function chain(
  campaignId: string,
  head: LedgerHead,
  entries: readonly LedgerEntry[],
): LedgerHead[] {
  let { position, hash } = head;
  return entries.map((entry) => {
    position += 1;
    hash = nextHash(hash, canonicalEntry(campaignId, position, entry));
    return { position, hash };
  });
}

/** A line of an export: the canonical JSON with one more key at its end, so that taking that off gives the bytes hashed. */
export function entryLine(content: string, hash: string): string {
  return withLast(content, 'hash', hash);
}

/** The first line of an export. Its checksum guards against damage only; what proves anything is the chain. */
export function headerLine(header: LedgerHeader): string {
  const content = JSON.stringify({
    format: LEDGER_FORMAT,
    campaign: header.campaign,
    slug: header.slug,
    moment: header.moment,
    exported_at: header.exportedAt,
    entries: header.head.position,
    head: { position: header.head.position, hash: header.head.hash },
  });
  return withLast(content, 'checksum', sha256(content));
}

/** A line taken apart: what was hashed, and the hash it names. Null for a line that is not made like that. */
export function splitLine(
  line: string,
  key: 'hash' | 'checksum',
): { content: string; hash: string } | null {
  const from = line.length - (key.length + 71);
  const content = `${line.slice(0, from)}}`;
  const hash = line.slice(-66, -2);
  const made = from > 0 && /^[0-9a-f]{64}$/.test(hash) && withLast(content, key, hash) === line;
  return made ? { content, hash } : null;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function withLast(content: string, key: string, value: string): string {
  return `${content.slice(0, -1)},"${key}":"${value}"}`;
}
