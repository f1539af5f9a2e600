import type { Config } from '../../config/config.ts';
import type { Crash } from '../crash.ts';
import type { Guard } from './guard.ts';
import type { PlatformNotes } from './platform.ts';

/** What platforms are made of. */
export interface PlatformParts {
  config: Config;
  crash: Crash;
  /** Between us and the servers that supporters name. */
  guard: Guard;
  notesOf: (platform: string) => PlatformNotes;
  /** Stands for a server that supporters name in the address to come back from it: the same server, the same part. */
  callbackPart: (platform: string, server: string) => string;
  /** Public address of this instance without a trailing slash; known once it listens. */
  baseUrl: () => string;
}
