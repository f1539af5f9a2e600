import type { Probe } from '../../src/platforms/platform.ts';

/** A probe in two words: its kind, and what is the matter with the account where it says so. */
export function saidBy(probe: Probe): string {
  return 'reason' in probe ? `${probe.kind} ${probe.reason}` : probe.kind;
}
