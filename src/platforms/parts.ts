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
  /** Public address of this instance without a trailing slash; known once it listens. */
  baseUrl: () => string;
}
