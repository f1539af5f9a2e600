import { randomBytes } from 'node:crypto';

/** So many rows that one process makes in turn lie side by side in every index by id: a few pages of it. */
const NEIGHBOURS = 4_096;
/** Of 16 bytes, those that neighbours have in common; 74 bits of chance are each one's own. */
const SHARED_BYTES = 6;

let shared = Buffer.alloc(0);
let left = 0;

/**
 * The id of a row that many people make at once, such as a pledge: a UUID, version 8 (RFC 9562, 5.8). Ids of pure chance touch
 * another page of every index each time, and PostgreSQL logs each of those pages whole after a checkpoint; ids that begin with the
 * time would tell when somebody came. These hold no time; whoever reads the table can still see whose neighbours they were, as
 * the order of its rows shows too, also of one who has had themselves erased.
 */
export function newRowId(): string {
  if (left === 0) {
    shared = randomBytes(SHARED_BYTES);
    left = NEIGHBOURS;
  }
  left--;
  const id = randomBytes(16);
  shared.copy(id);
  id.writeUInt8((id.readUInt8(6) & 0x0f) | 0x80, 6);
  id.writeUInt8((id.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = id.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}
