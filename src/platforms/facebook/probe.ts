import type { FacebookConfig } from '../../../config/platforms.ts';
import type { RefusalReason } from '../../domain/outcome.ts';
import { undecidedBy } from '../../outbound/challenge.ts';
import { classifyGraphProbe, isGone } from '../meta/classify.ts';
import { readGraphError } from '../meta/error-body.ts';
import type { Graph } from '../meta/graph.ts';
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
    return classifyGraphProbe(await graph.request('GET', '/me', fields), new Date());
  } catch (error) {
    return undecidedBy(error, (error as Error).message);
  }
}

/** What is the matter with the page of a grant that is not taken any more. Never rejects. */
export async function whyDead(
  graph: Graph,
  config: FacebookConfig,
  grant: Grant,
): Promise<RefusalReason | null> {
  const fields = { fields: 'id', ...credentials(config, grant.accessToken) };
  const response = await graph.request('GET', '/me', fields).catch(() => null);
  const error = response && readGraphError(response.body);
  return error && isGone(error) ? 'page_gone' : null;
}
