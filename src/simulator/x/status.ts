import type { Route, SimulatedResponse, World } from '../platform.ts';
import { page } from './authorize.ts';
import type { XCaller } from './grants.ts';
import { postPage } from './pages.ts';

export const STATUS = /^\/i\/web\/status\/(\d+)$/;

/** GET /i/web/status/:id: a post's own page. */
export function statusRoute(world: World): Route<XCaller> {
  return {
    path: 'status',
    identify: () => ({}),
    run: (request): SimulatedResponse => {
      const id = STATUS.exec(request.path)?.[1];
      const posts = world.accounts.all().flatMap((account) => account.posts);
      const post = posts.find((entry) => entry.id === id);
      return page(post ? 200 : 404, postPage(post));
    },
  };
}
