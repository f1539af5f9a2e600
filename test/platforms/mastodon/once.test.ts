import { beforeAll, expect, it } from 'vitest';
import type { Platform, PlatformNotes, PostOrder } from '../../../src/platforms/platform.ts';
import type { Fault } from '../../../src/simulator/behaviour.ts';
import type { SimulatorControl } from '../../../src/simulator/client.ts';
import type { MastodonBehaviour } from '../../../src/simulator/mastodon/behaviour.ts';
import { needs } from '../../support/database.ts';
import { handleOf, mastodonFor, newOrder, realNotes, startServer } from './support.ts';

const HURRIED_MS = 400;
/** The time between a post and the look for it, which the engine keeps, is not waited for: the look is told of it. */
const LOOKED_LATER_MS = 31_000;

/** Mastodon as it really is: every way in which servers were seen to post twice. */
needs('postgres')('a post is made once', () => {
  let url: string;
  let control: SimulatorControl;
  let notes: PlatformNotes;
  beforeAll(async () => {
    ({ url, control } = await startServer());
    notes = await realNotes();
  });

  /** As the engine does: what is unknown is looked for, and only what is absent is sent again. */
  async function deliver(platform: Platform, order: PostOrder): Promise<number> {
    const post = platform.prepare(order);
    const since = new Date(Date.now() - LOOKED_LATER_MS);
    let attempts = 0;
    for (let step = 0; step < 12; step++) {
      attempts++;
      const outcome = await post();
      if (outcome.kind === 'posted') return attempts;
      expect(['unknown', 'not_sent']).toContain(outcome.kind);
      for (let look = 0; look < 5; look++) {
        const found = await platform.reconcile(order, since);
        if (found.kind === 'found') return attempts;
        if (found.kind === 'absent') break;
        expect(found.kind).toBe('undecided');
      }
    }
    throw new Error('It never came to an end');
  }

  const faults: Fault[] = [
    ...(['status500', 'status502', 'status503', 'resetBefore', 'hangBefore'] as const),
    ...(['status500AfterAccept', 'status502AfterAccept', 'status503AfterAccept'] as const),
    ...(['status200HtmlAfterAccept', 'truncated201', 'garbled201', 'resetAfterAccept'] as const),
    'hangAfterAccept',
  ];
  const modes: [string, Partial<MastodonBehaviour>][] = [
    ['keeps keys', {}],
    ['lets two race (before #37879)', { idempotency: 'race', raceSeconds: 60 }],
    ['fails on a repeat (#40399)', { idempotency: 'error500OnRepeat' }],
    ['answers 504 when it has posted (#21840)', { gatewayStatus: 504 }],
    ['forgets keys', { keyLifeSeconds: 0.001 }],
    ['ignores keys', { idempotency: 'ignored', software: 'gotosocial' }],
  ];
  for (const [what, mastodon] of modes) {
    it(`by a server that ${what}`, async () => {
      await control.reset();
      await control.behaviour({ mastodon });
      const platform = mastodonFor([url], { notes, timeoutMs: HURRIED_MS });
      const orders: PostOrder[] = [];
      for (const fault of faults) {
        const order = await newOrder(mastodonFor([url], { notes }), url);
        orders.push(order);
        await control.fault(handleOf(order), 'posts', fault, fault.startsWith('hang') ? 1 : 2);
        await control.fault(handleOf(order), 'timeline', 'status502');
        // The look asks up to two questions, and each fails once.
        await control.fault(handleOf(order), 'me', 'status500');
      }
      await Promise.all(orders.map((order) => deliver(platform, order)));
      const posts = (await control.posts()).map(({ handle }) => handle).sort();
      expect(posts).toEqual(orders.map(handleOf).sort());
    });
  }
});
