import type { ThreadsConfig } from '../../../config/platforms.ts';
import type { PreparedRequest } from '../../outbound/wire/sender.ts';
import { USER_AGENT } from '../../outbound/wire/user-agent.ts';
import { basePath } from '../bearer.ts';
import { readGraphId } from '../meta/classify.ts';
import { type Graph, GraphRefused } from '../meta/graph.ts';
import type { PostOrder, Staged } from '../platform.ts';

/** The version of the API of Threads; it has had no other. */
export const API_VERSION = '/v1.0';

/** As the API names them: developers.facebook.com/docs/threads/troubleshooting. */
export type ContainerStatus = 'IN_PROGRESS' | 'FINISHED' | 'PUBLISHED' | 'ERROR' | 'EXPIRED';

/** What stands before every path at the configured address; '' as a rule. */
export function versionPath(config: ThreadsConfig): string {
  return basePath(config.apiUrl) + API_VERSION;
}

/** A request on a supporter's behalf: the token goes in the body, so that it is in no address. */
export function formRequest(path: string, fields: Record<string, string>): PreparedRequest {
  return {
    method: 'POST',
    path,
    headers: [
      ...['accept', 'application/json'],
      ...['accept-encoding', 'identity'],
      ...['content-type', 'application/x-www-form-urlencoded'],
      ...['user-agent', USER_AGENT],
    ],
    body: new URLSearchParams(fields).toString(),
  };
}

/** What makes a container for a text: it is not public before it is published. */
export function containerFields({ text, grant }: PostOrder): Record<string, string> {
  return { media_type: 'TEXT', text, access_token: grant.accessToken };
}

/** Makes the container ahead of the moment; it lives for 24 hours. */
export async function stageContainer(graph: Graph, order: PostOrder): Promise<Staged> {
  try {
    const path = `${API_VERSION}/${order.account.id}/threads`;
    const { id } = await graph.read('POST', path, containerFields(order));
    const token = readGraphId(JSON.stringify({ id }));
    return token === null
      ? { kind: 'failed', detail: 'no container in the answer' }
      : { kind: 'staged', token };
  } catch (error) {
    return { kind: 'failed', detail: (error as Error).message };
  }
}

/** As GraphRefused says it, without a subcode: 100 alone is an invalid parameter, and the text is the only one that is ours. */
const TEXT_REFUSED = /^answered 4\d\d 100$/;

/** Whether a container was not made for its text: it is too long by what Threads counts, or has too many links. */
export function isAboutText(detail: string): boolean {
  return TEXT_REFUSED.test(detail);
}

/** Null when Threads does not know it, or has no status for it. @throws what `graph.read` does of everything else. */
export async function containerStatus(
  graph: Graph,
  id: string,
  accessToken: string,
): Promise<ContainerStatus | null> {
  try {
    const fields = { fields: 'status', access_token: accessToken };
    const { status } = await graph.read('GET', `${API_VERSION}/${id}`, fields);
    return isStatus(status) ? status : null;
  } catch (error) {
    if (error instanceof GraphRefused && NOT_THERE.has(error.error.code)) return null;
    throw error;
  }
}

const NOT_THERE = new Set([24, 100]);
const STATUSES: readonly unknown[] = ['IN_PROGRESS', 'FINISHED', 'PUBLISHED', 'ERROR', 'EXPIRED'];

function isStatus(status: unknown): status is ContainerStatus {
  return STATUSES.includes(status);
}
