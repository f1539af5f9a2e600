import type { Crash } from '../../crash.ts';
import type { Guard } from '../guard.ts';
import { createSender, type Sender } from '../sender.ts';

/** A sender for each server, made when it is needed. */
export interface Senders {
  /** @throws WhereRefused when the guard does not let us go there. */
  to(origin: string): Sender;
  dispose(): void;
}

export interface SendersOptions {
  guard: Guard;
  timeoutMs: number;
  connections: number;
  crash: Crash;
  /** See `createSender`. */
  warmPath: string;
  /** With more servers than that, the one used last the longest ago is let go, unless something is on its way there. */
  most: number;
}

export function createSenders(options: SendersOptions): Senders {
  const { guard, most, ...rest } = options;
  const senders = new Map<string, Counted>();
  return {
    to: (origin) => {
      const known = senders.get(origin);
      if (known) {
        senders.delete(origin);
        senders.set(origin, known);
        return known.sender;
      }
      makeRoom(senders, most);
      const guarded = guard.origin(new URL(origin).host);
      const made = counted(createSender({ ...rest, origin: guarded, lookup: guard.lookup }));
      senders.set(origin, made);
      return made.sender;
    },
    dispose: () => {
      for (const { sender } of senders.values()) sender.dispose();
      senders.clear();
    },
  };
}

interface Counted {
  sender: Sender;
  isBusy(): boolean;
}

/** Whether something is on its way: a sender that is let go then would leave posts in doubt. */
function counted(sender: Sender): Counted {
  let under = 0;
  const during = async <T>(work: Promise<T>): Promise<T> => {
    under++;
    try {
      return await work;
    } finally {
      under--;
    }
  };
  return {
    isBusy: () => under > 0,
    sender: {
      send: (request) => during(sender.send(request)),
      warm: (count) => during(sender.warm(count)),
      dispose: () => sender.dispose(),
    },
  };
}

function makeRoom(senders: Map<string, Counted>, most: number): void {
  if (senders.size < most) return;
  for (const [origin, { sender, isBusy }] of senders) {
    if (isBusy()) continue;
    sender.dispose();
    senders.delete(origin);
    return;
  }
}
