import type { WebSocket } from 'ws';
import type { SimulatedAccount } from '../accounts.ts';
import { type Fault, REFUSALS, type SimulatedRefusal } from '../behaviour.ts';
import type { OrderedFaults } from '../faults.ts';
import type { World } from '../platform.ts';
import type { PlatformRecord, RecordedPath } from '../record.ts';
import { chooseFault, latencyMs } from '../server.ts';
import { nowUs } from '../wire.ts';
import { forced, type Verdict } from './answers.ts';
import type { RelayStore } from './relay.ts';

interface Parts {
  world: World;
  store: RelayStore;
  faults: OrderedFaults;
  record: PlatformRecord;
  seed: number;
}

/** One client and one relay, NIP-01: EVENT is a post and REQ a look at the timeline. `relay`: the path it is at. */
export function createConversation(parts: Parts, socket: WebSocket, relay: string) {
  const { store, record } = parts;
  const say = (...message: unknown[]): void => socket.send(JSON.stringify(message));

  /** After the time that the site takes for everything. */
  function afterAWhile(
    path: 'posts' | 'timeline',
    account: SimulatedAccount | undefined,
    act: () => void,
  ) {
    const wait = latencyMs(parts, path, { account });
    if (wait === 0) act();
    else setTimeout(act, wait);
  }

  function remember(
    path: RecordedPath,
    atUs: number,
    account: SimulatedAccount | undefined,
    status: number | null,
    fault?: Fault,
  ) {
    const { id = null, handle = null } = account ?? {};
    const method = path === 'posts' ? 'EVENT' : 'REQ';
    const base = { at_us: atUs, method, path: relay, route: path, status };
    return { ...base, account: id, handle, ...(fault && { fault }) };
  }

  function takeEvent(event: unknown, atUs: number): void {
    const account = store.authorOf(event);
    const id = (event as { id?: unknown } | null)?.id;
    const fault = chooseFault(parts, 'posts', { account });
    const instead = fault && isRefusal(fault) ? forced(fault) : undefined;
    const isCarriedOut = !fault || isAfter(fault);
    const { verdict, post } = isCarriedOut
      ? store.take(relay, event, atUs)
      : { verdict: instead ?? null, post: undefined };
    const said = fault && isAfter(fault) ? after(fault) : verdict;
    const entry = remember('posts', atUs, account, said?.status ?? null, fault);
    record.add({ ...entry, ...(post && { post: post.id, text: post.text }) }, post);
    afterAWhile('posts', account, () => {
      if (said) {
        if (post) post.answered_us = nowUs();
        say('OK', id, said.taken, said.message);
      } else breakOff(fault);
    });
  }

  function find(name: unknown, filters: readonly unknown[], atUs: number): void {
    const ids = filters.flatMap((filter) => (filter as { ids?: string[] } | null)?.ids ?? []);
    const found = store.find(relay, ids);
    const account = found[0] ? store.authorOf(found[0]) : undefined;
    const fault = chooseFault(parts, 'timeline', { account });
    record.add(remember('timeline', atUs, account, fault ? null : 200, fault));
    afterAWhile('timeline', account, () => {
      if (fault?.startsWith('status')) return say('CLOSED', name, 'error: could not look');
      if (fault) return breakOff(fault);
      for (const event of found) say('EVENT', name, event);
      return say('EOSE', name);
    });
  }

  /** What a fault does in the place of an answer. */
  function breakOff(fault: Fault | undefined): void {
    if (!fault || fault.startsWith('hang')) return;
    if (fault.startsWith('reset') || fault === 'truncated201') socket.terminate();
    else if (fault === 'garbled201') socket.send('["OK","');
    else say('NOTICE', '<html><body><h1>One moment, please</h1></body></html>');
  }

  return (text: string, atUs: number): void => {
    const message = parse(text);
    const [type, first, ...rest] = message;
    if (type === 'EVENT') takeEvent(first, atUs);
    else if (type === 'REQ') find(first, rest, atUs);
    else if (type !== 'CLOSE') say('NOTICE', 'error: this relay knows EVENT, REQ and CLOSE');
  };
}

/** The word of an answer that hides that the event was taken; null: there is no answer. */
function after(fault: Fault): Verdict | null {
  const hides = fault.startsWith('status5') ? forced('status500') : null;
  return hides && { ...hides, message: 'error: it may have been stored' };
}

function isAfter(fault: Fault): boolean {
  return fault.endsWith('AfterAccept') || fault.endsWith('201');
}

function isRefusal(fault: Fault): fault is SimulatedRefusal {
  return (REFUSALS as readonly string[]).includes(fault);
}

function parse(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
