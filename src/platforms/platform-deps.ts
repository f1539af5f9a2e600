import type { Config } from '../../config/config.ts';
import type { Crash } from '../crash.ts';
import type { Guard } from '../outbound/ssrf-guard.ts';
import type { ResponseObserver } from '../outbound/wire/network-clock.ts';
import type { PlatformNotes } from './platform.ts';

/** What platforms are made of. */
export interface PlatformDeps {
  config: Config;
  crash: Crash;
  /** The database's clock, epoch milliseconds: what is due goes by it. This machine's own where there is none. */
  now?: (() => number) | undefined;
  /** Is told of every answer, as a second opinion on our clock. */
  onResponse?: ResponseObserver | undefined;
  /** Between us and the servers that supporters name. */
  guard: Guard;
  notesOf: (platform: string) => PlatformNotes;
  /** Stands for a server that supporters name in the address to come back from it: the same server, the same part. */
  callbackPart: (platform: string, server: string) => string;
  /** Public address of this instance without a trailing slash; known once it listens. */
  baseUrl: () => string;
}
