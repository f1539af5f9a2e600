import { expect } from 'vitest';
import { isTaken } from '../../../src/domain/text-rule.ts';
import type { PostOrder } from '../../../src/platforms/platform.ts';
import { type Bench, strangersOrder } from '../bench.ts';
import { TEXTS } from '../texts.ts';

const CONNECTIONS = 4;
/** With more on one emitter, Node warns of a leak. */
const MAX_LISTENERS = 12;

export const postTests = {
  post: {
    'the record has it once': async (bench: Bench) => {
      const { person, order } = await bench.newOrder();
      const outcome = await bench.post(order);
      const posts = await bench.postsOf(person);
      expect(posts.map(({ text }) => text)).toEqual([order.text]);
      const url = bench.subject.tellsNoAddress ? null : expect.stringMatching(/^https?:\/\/\S+$/);
      expect(outcome).toEqual({ kind: 'posted', id: posts[0]?.id, url });
    },
  },
  texts: Object.fromEntries(
    Object.entries(TEXTS).map(([what, text]) => [
      `a text ${what}`,
      async (bench: Bench) => {
        const { person, order } = await bench.newOrder(text);
        const { measure, limit, refuses } = bench.platform.textRule;
        expect(isTaken({ length: measure(text), limit, refused: refuses?.(text) })).toBe(true);
        expect(await bench.post(order)).toMatchObject({ kind: 'posted' });
        expect((await bench.postsOf(person)).map((post) => post.text)).toEqual([text]);
      },
    ]),
  ),
  tooLong: {
    'by its rule, and by the platform': async (bench: Bench) => {
      const { textRule } = bench.platform;
      const text = bench.subject.tooLong ?? 'a'.repeat(textRule.limit + 1);
      expect(textRule.measure(text)).toBeGreaterThan(textRule.limit);
      const order = await tooLongOrder(bench, text);
      await bench.control.clearRecord();
      expect(await bench.post(order)).toMatchObject({ kind: 'refused', reason: 'text_invalid' });
      expect(await bench.control.posts()).toEqual([]);
    },
  },
  warm: {
    'it is answered, and nothing is written': async (bench: Bench) => {
      const { order } = await bench.newOrder();
      await bench.control.clearRecord();
      const fresh = await bench.connect(bench.url);
      const host = fresh.hostOf(order.account, order.grant);
      expect(await fresh.openConnections(host, CONNECTIONS)).toBeGreaterThan(0);
      const record = await bench.control.record();
      expect(record.filter(({ method }) => method !== 'GET')).toEqual([]);
      expect(await bench.control.posts()).toEqual([]);
    },
    'over and over, and leaves nothing behind': async (bench: Bench) => {
      const { order } = await bench.newOrder();
      const warnings: string[] = [];
      const hear = ({ message }: Error): number => warnings.push(message);
      process.on('warning', hear);
      const host = bench.platform.hostOf(order.account, order.grant);
      for (let i = 0; i < MAX_LISTENERS; i++) await bench.platform.openConnections(host, 1);
      await new Promise(setImmediate);
      process.off('warning', hear);
      expect(warnings).toEqual([]);
    },
  },
  prepared: {
    'nobody sees it, and what is sent afterwards is not it': async (bench: Bench) => {
      const unsent = await bench.newOrder();
      const send = bench.platform.prepare(unsent.order);
      expect(send).toBeTypeOf('function');
      const sent = await bench.newOrder();
      expect(await bench.post(sent.order)).toMatchObject({ kind: 'posted' });
      expect(await bench.postsOf(sent.person)).toHaveLength(1);
      expect(await bench.postsOf(unsent.person)).toEqual([]);
      const requests = await bench.control.record(0, 'posts');
      expect(requests.filter(({ account }) => account === unsent.person.id)).toEqual([]);
    },
  },
};

/** Where consent is for one text, one that is too long is refused before it is given; then somebody gave it elsewhere. */
async function tooLongOrder(bench: Bench, text: string): Promise<PostOrder> {
  if (!bench.subject.grantsOneText) return (await bench.newOrder(text)).order;
  await expect(bench.newOrder(text)).rejects.toMatchObject({ reason: 'text_invalid' });
  return strangersOrder(bench.subject, bench.url, text);
}
