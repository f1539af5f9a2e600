import type { SimulatedAccount } from '../accounts.ts';
import type { World } from '../platform.ts';

export type SimulatedContainerStatus =
  | 'IN_PROGRESS'
  | 'FINISHED'
  | 'PUBLISHED'
  | 'ERROR'
  | 'EXPIRED';

/** A post that is not public yet. */
export interface Container {
  id: string;
  owner: SimulatedAccount;
  text: string;
  madeMs: number;
  fails: boolean;
  published: boolean;
  /** How often it was asked to be published and was not found. */
  missed: number;
}

export type Containers = ReturnType<typeof createContainers>;

/** Containers and their states: developers.facebook.com/docs/threads/troubleshooting. */
export function createContainers(world: World) {
  const byId = new Map<string, Container>();
  let last = 0;
  const nextId = (): string => `179${String(++last).padStart(14, '0')}`;
  return {
    nextId,
    create(owner: SimulatedAccount, text: string, madeMs: number): Container {
      const fails = world.behaviour.containerFails;
      const made = { id: nextId(), owner, text, madeMs, fails, published: false, missed: 0 };
      byId.set(made.id, made);
      return made;
    },
    find: (id: string) => byId.get(id),
    statusOf({ published, fails, madeMs }: Container, nowMs: number): SimulatedContainerStatus {
      const { containerSeconds, containerLifeSeconds } = world.behaviour;
      if (published) return 'PUBLISHED';
      if (nowMs >= madeMs + containerLifeSeconds * 1_000) return 'EXPIRED';
      if (nowMs < madeMs + containerSeconds * 1_000) return 'IN_PROGRESS';
      return fails ? 'ERROR' : 'FINISHED';
    },
    clear: () => byId.clear(),
  };
}
