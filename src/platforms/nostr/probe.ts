import type { Grant, Probe } from '../platform.ts';
import { eventOf } from './event.ts';
import type { Relays } from './relays.ts';

/** No relay has accounts to be asked about: what can be tried is whether enough of them are there. */
export async function probeGrant(relays: Relays, grant: Grant): Promise<Probe> {
  if (!eventOf(grant.accessToken)) return { kind: 'dead', detail: 'the event is not readable' };
  const reached = (await relays.reach()).filter((ms) => ms !== null).length;
  return reached >= relays.quorum
    ? { kind: 'alive' }
    : { kind: 'undecided', detail: `relays reached ${reached} of ${relays.quorum}` };
}
