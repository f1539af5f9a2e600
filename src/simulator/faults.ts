import type { SimulatedAccount } from './accounts.ts';
import type { ApiPath, Fault } from './behaviour.ts';

/** Faults ordered for one account: each is used up by the next requests of that account on that path. */
export type OrderedFaults = ReturnType<typeof createOrderedFaults>;

export function createOrderedFaults() {
  const queues = new Map<string, Fault[]>();
  const key = (account: SimulatedAccount, path: ApiPath) => `${account.id} ${path}`;

  return {
    order(account: SimulatedAccount, path: ApiPath, fault: Fault, times: number) {
      const queue = queues.get(key(account, path)) ?? [];
      for (let i = 0; i < times; i++) queue.push(fault);
      queues.set(key(account, path), queue);
    },
    next(account: SimulatedAccount, path: ApiPath): Fault | undefined {
      if (queues.size === 0) return undefined;
      const queue = queues.get(key(account, path));
      const fault = queue?.shift();
      if (queue?.length === 0) queues.delete(key(account, path));
      return fault;
    },
    clear: () => queues.clear(),
  };
}
