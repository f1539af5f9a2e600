import type { FacebookConfig } from '../../../config/platforms.ts';
import type { Graph } from '../graph.ts';
import { classifyProbe } from '../graph-classify.ts';
import type { Grant, Probe } from '../platform.ts';
import { credentials } from './proof.ts';

/** Tries a grant with GET /me. Never rejects. */
export async function probeGrant(
  graph: Graph,
  config: FacebookConfig,
  grant: Grant,
): Promise<Probe> {
  try {
    const fields = { fields: 'id', ...credentials(config, grant.accessToken) };
    return classifyProbe(await graph.ask('GET', '/me', fields), new Date());
  } catch (error) {
    return { kind: 'undecided', detail: (error as Error).message };
  }
}
