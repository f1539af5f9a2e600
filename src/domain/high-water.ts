/**
 * How far a database had come, as one process of this instance saw it: its high-water mark. A database that is behind it is an
 * older copy, in which posts are still owed that have been sent.
 */
export interface HighWater {
  /** Which database it is about: the id that a copy of it has, too. */
  databaseId: string;
  /** Its counter; see the table instance_epoch. */
  epoch: number;
  /** The last dispatch mark that this process saw committed. */
  lastMark: LastMark | null;
}

export interface LastMark {
  deliveryId: string;
  /** The database's time of the mark, epoch milliseconds. */
  markedAtMs: number;
}
