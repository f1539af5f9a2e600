import type { ServerResponse } from 'node:http';
import type { NetworkKey } from './network.ts';

/** How much of this process the requests of one network may have at a time. */
export const SHARE = {
  /** Requests of one network that are handled at a time; those after them wait for one of these to end. */
  running: 6,
  /** After this time a request no longer counts as running: it may be waiting for a network's answer. Milliseconds. */
  holdMs: 50,
} as const;

/** Lets requests begin so that no network gets more of this process than the others. Refuses nothing. */
export interface FairShare {
  /**
   * Calls `begin` when it is the turn of this request, at once if it can be; never, when its connection was closed before that. No
   * more requests can wait than there are connections.
   */
  enter(network: NetworkKey, response: ServerResponse, begin: () => void): void;
}

/** The requests of one network. */
interface NetworkQueue {
  running: number;
  waiting: { response: ServerResponse; begin: () => void }[];
}

/**
 * Every request takes several turns of the event loop, and each turn takes as long as all that is under way: without a bound, who floods
 * us with requests slows down each step of everybody else's.
 */
export function createFairShare(share: { running: number; holdMs: number } = SHARE): FairShare {
  const lines = new Map<NetworkKey, NetworkQueue>();

  const run = (
    network: NetworkKey,
    line: NetworkQueue,
    next: NetworkQueue['waiting'][number],
  ): void => {
    const { response, begin } = next;
    line.running += 1;
    let isHeld = true;
    const leave = (): void => {
      if (!isHeld) return;
      isHeld = false;
      clearTimeout(timer);
      line.running -= 1;
      goOn(network, line);
    };
    const timer = setTimeout(leave, share.holdMs);
    response.once('close', leave);
    begin();
  };

  const goOn = (network: NetworkKey, line: NetworkQueue): void => {
    while (line.running < share.running) {
      const next = line.waiting.shift();
      if (!next) break;
      if (!next.response.closed) run(network, line, next);
    }
    if (line.running === 0 && line.waiting.length === 0) lines.delete(network);
  };

  return {
    enter(network, response, begin) {
      let line = lines.get(network);
      if (!line) {
        line = { running: 0, waiting: [] };
        lines.set(network, line);
      }
      if (line.running < share.running) run(network, line, { response, begin });
      else line.waiting.push({ response, begin });
    },
  };
}
