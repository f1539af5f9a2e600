import type { NostrConfig } from '../../../config/platforms.ts';
import type { Crash } from '../../crash.ts';
import { createRelay, type HasEvent, type RelayAnswer } from './relay.ts';

/** All relays that the operator has named, as one. */
export interface Relays {
  /** How many of them have to take an event. */
  readonly quorum: number;
  /** Sends an event to all of them. Ends when enough have taken it, all have answered, or time is up. Never rejects. */
  publish(id: string, frame: string): Promise<RelayAnswer[]>;
  holds(id: string): Promise<HasEvent[]>;
  /** Connects all. How long each took to answer, in ms; null for those that did not. */
  reach(): Promise<(number | null)[]>;
  dispose(): void;
}

export function createRelays({ relays, quorum, timeoutMs }: NostrConfig, crash: Crash): Relays {
  const all = relays.map((url) => createRelay({ url, timeoutMs, crash }));
  const enough = Math.min(quorum, all.length);
  return {
    quorum: enough,
    publish: (id, frame) =>
      new Promise((resolve) => {
        const answers: RelayAnswer[] = [];
        const posts: { stop(): void }[] = [];
        // Those that have not answered end as unsent or silent, whichever they are.
        const timer = setTimeout(() => {
          for (const post of posts) post.stop();
        }, timeoutMs).unref();
        const hear = (answer: RelayAnswer): void => {
          answers.push(answer);
          const taken = answers.filter(({ kind }) => kind === 'taken').length;
          if (taken < enough && answers.length < all.length) return;
          // With enough of them the others may take it as well, or not: they are not waited for.
          if (answers.length === all.length) clearTimeout(timer);
          resolve([...answers]);
        };
        for (const relay of all) posts.push(relay.publish(id, frame, hear));
      }),
    holds: (id) => Promise.all(all.map((relay) => relay.holds(id))),
    reach: () => Promise.all(all.map((relay) => relay.reach())),
    dispose: () => {
      for (const relay of all) relay.dispose();
    },
  };
}
