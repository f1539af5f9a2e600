/** Why a line of a package.json is there; written by hand, see `npm run survey:dependencies`. */
export interface Reason {
  /** What it is for, without a full stop. */
  for: string;
  /** Why this one, and neither code of ours nor another, without a full stop. */
  why: string;
  /** A file that names it otherwise than by an import: its data is read there, its program is started, or it is set. */
  namedIn?: string;
  /** Why a version that is newer is not taken. */
  heldBack?: string;
  /** Where the package does not say it. */
  licence?: string;
}

/** Reasons by the name of the package. */
export type Reasons = Readonly<Record<string, Reason>>;

/** Node 20 is promised; see `engines`. */
export const NODE_22 = 'it needs Node 22';
