/** A service that runs, and the way to end what we started of it. */
export interface Running {
  url: string;
  /** Stops it and removes what it kept; twice does no harm. */
  stop(): Promise<void>;
  /** Where we started it: everybody is cut off at once, as by a crash, and it serves again when the promise settles. */
  restart?(): Promise<void>;
}

/** The way from "needed" to "there", one rung after the other; each rung gives null when it does not lead there. */
export interface Ladder {
  name: string;
  /** The environment variable that hands it to the tests. */
  variable: string;
  /** What the caller's environment names. Throws when it is named and does not work. */
  given(): Promise<Running | null>;
  /** A program of this machine, started on a free port in a temporary folder. */
  installed(): Promise<Running | null>;
  /** A container. */
  docker(): Promise<Running | null>;
  /** Debian packages that bring the program. */
  packages: string[];
}
