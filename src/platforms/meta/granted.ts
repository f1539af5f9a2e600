import { scopesIn } from '../scope.ts';
import { asObject } from './error-body.ts';
import type { Graph, GraphFields } from './graph.ts';

/**
 * What of `asked` a token of Meta's was granted, with commas between: /debug_token names it, and no token answer does. All of it where
 * Meta does not say. `path` and `credentials`: where and as whom it is asked. Never rejects.
 * developers.facebook.com/docs/threads/reference/debug, and docs/graph-api/reference/debug_token.
 */
export async function parseGranted(
  graph: Graph,
  path: string,
  credentials: GraphFields,
  { token, asked }: { token: string; asked: string },
): Promise<string> {
  const answer = await graph
    .read('GET', path, { input_token: token, ...credentials })
    .catch(() => null);
  const scopes = asObject(answer?.data)?.scopes;
  const granted: readonly unknown[] = Array.isArray(scopes) ? scopes : [];
  if (granted.length === 0) return asked;
  return scopesIn(asked)
    .filter((name) => granted.includes(name))
    .join(',');
}
