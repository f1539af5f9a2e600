import type { ThreadsConfig } from '../../../config/platforms.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { type OnNetworkTime, reportNetworkTime } from '../../outbound/wire/network-clock.ts';
import type { Sender } from '../../outbound/wire/sender.ts';
import { readGraphId } from '../meta/classify.ts';
import type { Graph } from '../meta/graph.ts';
import type { PostOrder, PreparedPost } from '../platform.ts';
import { classify, classifyCreate, isContainerMissing } from './classify.ts';
import { containerFields, containerStatus, formRequest, versionPath } from './containers.ts';

/** How many answers that a container is not there are taken before another is made. */
const MAX_MISSES = 3;

/** A container in use, and how often it was not found. */
interface Tried {
  id: string;
  misses: number;
}

/**
 * Puts threads_publish together; without a container, or with one that has come to nothing, it makes one first, at the moment.
 * Containers that were not found are remembered here until their post is settled: making a new one each time would meet the
 * same delay each time. developers.facebook.com/documentation/threads/posts.
 */
export function createPrepare(sender: Sender, graph: Graph, config: ThreadsConfig) {
  const base = versionPath(config);
  const tried = new Map<string, Tried>();

  const create = async (order: PostOrder, told?: OnNetworkTime): Promise<Tried | Outcome> => {
    const path = `${base}/${order.account.id}/threads`;
    const result = await sender.send(formRequest(path, containerFields(order)));
    reportNetworkTime(result, told);
    const outcome = classifyCreate(result, new Date());
    const id =
      result.kind === 'answer' && outcome.kind === 'posted' ? readGraphId(result.body) : null;
    return id === null ? outcome : { id, misses: 0 };
  };

  /** Publishes it; one that is dead for good is replaced, once. */
  const publish = async (
    order: PostOrder,
    container: Tried,
    mayReplace: boolean,
    told?: OnNetworkTime,
  ): Promise<Outcome> => {
    const path = `${base}/${order.account.id}/threads_publish?creation_id=${container.id}`;
    const request = formRequest(path, { access_token: order.grant.accessToken });
    const result = await sender.send(request);
    reportNetworkTime(result, told);
    if (!isContainerMissing(result)) {
      tried.delete(order.postKey);
      return classify(result, new Date());
    }
    container.misses++;
    tried.set(order.postKey, container);
    const fate = await fateOf(graph, order, container);
    // Published before, by an attempt whose answer was lost: looking at the account will find it.
    if (fate === 'published') tried.delete(order.postKey);
    if (fate === 'published') return { kind: 'unknown', detail: 'published already' };
    return fate === 'dead' && mayReplace ? renew(order) : classify(result, new Date());
  };

  const renew = async (order: PostOrder, told?: OnNetworkTime): Promise<Outcome> => {
    const made = await create(order, told);
    if ('kind' in made) return made;
    tried.set(order.postKey, made);
    return publish(order, made, false, told);
  };

  return (order: PostOrder): PreparedPost => {
    const staged = order.staged === null ? undefined : { id: order.staged, misses: 0 };
    return async (told) => {
      const container = tried.get(order.postKey) ?? staged;
      return container ? publish(order, container, true, told) : renew(order, told);
    };
  };
}

async function fateOf(
  graph: Graph,
  order: PostOrder,
  { id, misses }: Tried,
): Promise<'dead' | 'published' | 'unsettled'> {
  try {
    const status = await containerStatus(graph, id, order.grant.accessToken);
    if (status === 'PUBLISHED') return 'published';
    if (status === 'ERROR' || status === 'EXPIRED') return 'dead';
  } catch {
    return 'unsettled';
  }
  return misses > MAX_MISSES ? 'dead' : 'unsettled';
}
