import type { Grant, Probe } from '../platform.ts';
import { parseEvent } from './event.ts';
import { DEMANDS, type Demand, type Information } from './information.ts';
import type { Relays } from './relays.ts';

/**
 * No relay has accounts to be asked about: what can be tried is whether enough of them are there, and say nothing against the
 * event in their information documents. What they ask of everybody is the operator's move, who chose them.
 */
export async function probeGrant(
  relays: Relays,
  information: Information,
  addresses: readonly string[],
  grant: Grant,
): Promise<Probe> {
  const event = parseEvent(grant.accessToken);
  if (!event) return { kind: 'dead', detail: 'the event is not readable' };
  const [times, demands] = await Promise.all([
    relays.reach(),
    Promise.all(addresses.map((address) => information.demandOf(address, event))),
  ]);
  const open = demands.filter((demand) => demand === null).length;
  if (open < relays.quorum) return { kind: 'app_problem', detail: detailOf(open, demands) };
  const reached = times.filter((ms, nth) => ms !== null && demands[nth] === null).length;
  return reached >= relays.quorum
    ? { kind: 'alive' }
    : { kind: 'undecided', detail: `relays reached ${reached} of ${relays.quorum}` };
}

/** How many relays ask for what: "relays open 1 of 3, auth_required 2". */
function detailOf(open: number, demands: readonly (Demand | null)[]): string {
  const counts = DEMANDS.flatMap((name) => {
    const count = demands.filter((demand) => demand === name).length;
    return count === 0 ? [] : `${name} ${count}`;
  });
  return [`relays open ${open} of ${demands.length}`, ...counts].join(', ');
}
