import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCrash } from '../../src/crash.ts';
import { createNostr } from '../../src/platforms/nostr/nostr.ts';
import type { Platform, PostOrder } from '../../src/platforms/platform.ts';
import type { SimulatorControl } from '../../src/simulator/client.ts';
import { signAs } from '../../src/simulator/client.ts';
import { atEnd } from '../support/at-end.ts';
import { runClient, startSimulated } from './support.ts';

const TEXT = 'We ring the bell together 🔔 #100DaysOfInjustice "quoted"\nand a\ttab';

interface Event {
  id: string;
  pubkey: string;
  created_at: number;
  kind: number;
  tags: string[][];
  content: string;
  sig: string;
}

/** What NIP-01 says that an event's id is. */
function idOf({ pubkey, created_at, kind, tags, content }: Event): string {
  const serialized = JSON.stringify([0, pubkey, created_at, kind, tags, content]);
  return createHash('sha256').update(serialized).digest('hex');
}

/** By Bitcoin's own library, which neither we nor our simulator use. */
const verify = (events: object[]) => runClient<boolean[]>('secp256k1.mjs', { events });

describe('our Nostr', () => {
  let relays: string;
  let control: SimulatorControl;
  let nostr: Platform;

  beforeAll(async () => {
    ({ url: relays, control } = await startSimulated('nostr'));
    const relay = relays.replace('http:', 'ws:');
    const config = { postUrl: 'https://njump.example', quorum: 1, timeoutMs: 5_000 };
    const parts = { ...config, relays: [`${relay}/one`, `${relay}/two`] };
    nostr = createNostr(parts, createCrash(''), () => 'http://127.0.0.1:9');
    atEnd(() => nostr.dispose());
    await control.createAccounts({ accounts: [{ handle: 'ringer' }] });
  });

  it('passes on what bears a signature that others take, as it was signed', async () => {
    const moment = new Date();
    const input = { redirectUri: '', state: 's', locator: '', text: TEXT, locale: 'en', moment };
    const { flowSecret } = await nostr.authorize(input);
    const unsigned = nostr.toSign?.(flowSecret) as Parameters<typeof signAs>[1];
    const signed: Event = signAs('ringer', unsigned);
    const answer = { code: JSON.stringify(signed) };
    const grant = await nostr.exchange({ answer, flowSecret, redirectUri: '' });
    const account = await nostr.whoAmI(grant);
    const order: PostOrder = {
      ...{ postKey: 'delivery', account, grant, text: TEXT, locale: 'en', moment },
      staged: null,
    };
    expect(await nostr.prepare(order)()).toMatchObject({ kind: 'posted', id: signed.id });

    const taken = await eventAt(`${relays.replace('http:', 'ws:')}/one`, signed.id);
    expect(taken.id).toBe(idOf(taken));
    expect(taken.content).toBe(TEXT);
    expect(taken.created_at).toBe(Math.floor(moment.getTime() / 1_000));
    const forged = {
      ...taken,
      sig: taken.sig.replace(/^../, (two) => (two === '00' ? '01' : '00')),
    };
    const changed = { ...taken, id: idOf({ ...taken, content: 'Something else' }) };
    expect(await verify([taken, forged, changed])).toEqual([true, false, false]);
  });
});

/** Asks a relay, as any reader does. */
function eventAt(relay: string, id: string): Promise<Event> {
  return new Promise((resolve, reject) => {
    void import('ws').then(({ WebSocket }) => {
      const socket = new WebSocket(relay, { headers: { 'user-agent': 'a reader of relays' } });
      const late = setTimeout(() => socket.terminate(), 10_000);
      socket.on('open', () => socket.send(JSON.stringify(['REQ', 'look', { ids: [id] }])));
      socket.on('message', (data) => {
        const [kind, , event] = JSON.parse(String(data)) as [string, string, Event];
        if (kind === 'EVENT') resolve(event);
        if (kind === 'EVENT' || kind === 'EOSE') socket.close();
      });
      socket.on('error', reject);
      socket.on('close', () => {
        clearTimeout(late);
        reject(new Error('The relay does not have it'));
      });
    });
  });
}
