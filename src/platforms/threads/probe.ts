import { undecidedBy } from '../../outbound/challenge.ts';
import { classifyGraphProbe } from '../meta/classify.ts';
import type { Graph } from '../meta/graph.ts';
import type { Grant, Probe } from '../platform.ts';
import { API_VERSION } from './containers.ts';

/** Tries a grant with GET /me. Never rejects. */
export async function probeGrant(graph: Graph, grant: Grant): Promise<Probe> {
  try {
    const fields = { fields: 'id', access_token: grant.accessToken };
    return classifyGraphProbe(await graph.request('GET', `${API_VERSION}/me`, fields), new Date());
  } catch (error) {
    return undecidedBy(error, (error as Error).message);
  }
}
