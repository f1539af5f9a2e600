import { expect } from 'vitest';
import type { Fault } from '../../../src/simulator/behaviour.ts';
import { freePort } from '../../support/free-port.ts';
import { type Bench, strangersOrder } from '../bench.ts';
import type { Subject } from '../subject.ts';
import type { Tests } from '../suite.ts';
import { TEXTS } from '../texts.ts';

/** The post is made and its answer lost. */
export const LOST_ANSWERS = [
  'hangAfterAccept',
  'resetAfterAccept',
  'truncated201',
  'garbled201',
  'status200HtmlAfterAccept',
  'status500AfterAccept',
  'status502AfterAccept',
  'status503AfterAccept',
] as const satisfies readonly Fault[];

/** The post is not made, and its answer does not say so, or is lost. */
export const LOST_POSTS = [
  'hangBefore',
  'resetBefore',
  'status200Html',
  'status500',
  'status502',
  'status503',
] as const satisfies readonly Fault[];

export function doubtTests(subject: Subject) {
  return {
    posted: { ...answerTests(subject), ...textTests(subject) },
    notPosted: Object.fromEntries(
      openOf(subject, LOST_POSTS).map((fault) => [
        fault,
        (bench: Bench) => findsNothing(bench, fault),
      ]),
    ),
    notSent: {
      'there is no such port': async (bench: Bench) => {
        const nowhere = `http://127.0.0.1:${await freePort()}`;
        const platform = await bench.connect(nowhere);
        const order = await strangersOrder(subject, nowhere);
        expect(await platform.prepare(order)()).toMatchObject({ kind: 'not_sent' });
      },
    },
  };
}

function answerTests(subject: Subject): Tests {
  const tests = openOf(subject, LOST_ANSWERS).map((fault) => [
    fault,
    (bench: Bench) => findsIt(bench, fault),
  ]);
  const unharmed = (subject.harmless ?? []).map((fault) => [
    `${fault}: it is known all the same`,
    async (bench: Bench) => {
      const ordered = await bench.newOrder();
      expect(await bench.postWith(fault, ordered)).toMatchObject({ kind: 'posted' });
      expect(await bench.postsOf(ordered.person)).toHaveLength(1);
    },
  ]);
  return Object.fromEntries([...tests, ...unharmed]) as Tests;
}

/** Whatever the platform made of the text, it is found. */
function textTests(subject: Subject): Tests {
  const [fault = 'hangAfterAccept'] = openOf(subject, ['status502AfterAccept']);
  return Object.fromEntries(
    Object.entries(TEXTS).map(([what, text]) => [
      `a text ${what}`,
      (bench: Bench) => findsIt(bench, fault, text),
    ]),
  );
}

/** Those of these faults whose outcome is unknown here. */
export function openOf(subject: Subject, faults: readonly Fault[]): readonly Fault[] {
  const others = new Set([...(subject.harmless ?? []), ...(subject.known ?? [])]);
  return faults.filter((fault) => !others.has(fault));
}

/** Sends it so that its answer is lost, and finds it. */
export async function findsIt(bench: Bench, fault: Fault, text?: string): Promise<void> {
  const ordered = await bench.newOrder(text);
  const { person, order } = ordered;
  const since = new Date();
  expect(await bench.postWith(fault, ordered)).toMatchObject({ kind: 'unknown' });
  const posts = await bench.postsOf(person);
  expect(posts.map(({ text }) => text)).toEqual([order.text]);
  expect(await bench.look(order, since)).toEqual({
    kind: 'found',
    id: posts[0]?.id,
    url: expect.stringMatching(/^https?:\/\/\S+$/),
  });
  expect(await bench.postsOf(person)).toHaveLength(1);
}

/** Sends it so that it is lost, sees that it is not there, and sends it again. `since`: to look from; default: now. */
export async function findsNothing(bench: Bench, fault: Fault, since = new Date()): Promise<void> {
  const ordered = await bench.newOrder();
  expect(await bench.postWith(fault, ordered)).toMatchObject({ kind: 'unknown' });
  expect(await bench.postsOf(ordered.person)).toEqual([]);
  expect(await bench.look(ordered.order, since)).toEqual({ kind: 'absent' });
  expect(await bench.post(ordered.order)).toMatchObject({ kind: 'posted' });
  expect(await bench.postsOf(ordered.person)).toHaveLength(1);
}
