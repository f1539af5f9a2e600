import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Platform, PostOrder } from '../../../src/platforms/platform.ts';
import type { Fault } from '../../../src/simulator/behaviour.ts';
import type { SimulatorControl } from '../../../src/simulator/client.ts';
import { atEnd } from '../../support/at-end.ts';
import { freePort } from '../../support/free-port.ts';
import { startNetwork } from '../../support/network.ts';
import { answering, loneOrder, newOrder, xAt } from './support.ts';

describe('looking for a post on X', () => {
  let url: string;
  let control: SimulatorControl;
  let x: Platform;
  beforeAll(async () => {
    ({ url, control } = await startNetwork());
    x = xAt(url);
  });

  /** Sends it so that nobody knows whether it arrived. Returns when that was. */
  async function sendInDoubt(order: PostOrder, fault: Fault): Promise<Date> {
    const since = new Date();
    await control.fault(order.account.handle, 'posts', fault);
    expect(await x.prepare(order)()).toMatchObject({ kind: 'unknown' });
    return since;
  }

  const texts = {
    'a link': 'Read it: https://example.org/100days?a=1&b=2#here — now. #100DaysOfInjustice',
    'a link without a scheme': 'Read it on example.org/100days now.',
    'two links': 'https://example.org/a and https://example.org/b',
    'no link': 'We ring the bell together.\nAll of us.',
    'signs that X escapes': 'Freedom & justice < silence > "fear" &amp; so on',
    'letters with loose accents': 'Zoe\u0308 et Cafe\u0301',
    'blanks around it': '  We ring the bell.  ',
    'what no encoding is kind to': '日本 👩‍👩‍👧 Всем',
  };

  for (const [what, text] of Object.entries(texts)) {
    it(`finds one with ${what}, also where links are shortened`, async () => {
      for (const wrapLinks of [false, true]) {
        await control.behaviour({ wrapLinks });
        const order = await newOrder(x, control, text);
        const since = await sendInDoubt(order, 'status500AfterAccept');
        const [post] = (await control.posts()).filter((p) => p.account === order.account.id);
        expect(await x.reconcile(order, since), `wrapLinks ${wrapLinks}`).toEqual({
          kind: 'found',
          id: post?.id,
          url: `https://x.example/i/web/status/${post?.id}`,
        });
      }
      await control.behaviour({});
    });
  }

  it('finds one as X escapes it', async () => {
    const escaped = {
      data: [{ id: '9', text: 'Freedom &amp; justice &lt;3 https://t.co/abcdefghij' }],
      meta: { result_count: 1 },
    };
    const network = await answering('200 OK', 'application/json', JSON.stringify(escaped));
    const order = { ...loneOrder, text: 'Freedom & justice <3 https://example.org/' };
    expect(await xAt(network).reconcile(order, new Date())).toMatchObject({
      kind: 'found',
      id: '9',
    });
  });

  it('E7 looks under whichever name X has for the fields of a post', async () => {
    for (const names of ['tweet', 'post', 'both'] as const) {
      await control.behaviour({ x: { names } });
      const order = await newOrder(x, control);
      const since = await sendInDoubt(order, 'status500AfterAccept');
      const seen = (await control.record()).length;
      expect(await x.reconcile(order, since), names).toMatchObject({ kind: 'found' });
      const asked = (await control.record()).slice(seen).map(({ status }) => status);
      expect(asked, names).toEqual(names === 'post' ? [400, 200] : [200]);
      expect((await x.whoAmI(order.grant)).followers, names).toEqual(expect.any(Number));
      const never = await newOrder(x, control);
      expect(await x.reconcile(never, new Date()), names).toEqual({ kind: 'absent' });
    }
    await control.behaviour({});
  });

  it('E7 looks without the fields where X knows neither name, and gives up on other refusals', async () => {
    const order = loneOrder;
    const timeline = JSON.stringify({
      data: [{ id: '9', text: order.text }],
      meta: { result_count: 1 },
    });
    const refusing = (names: readonly string[], parameter: string) => async () => {
      const paths: string[] = [];
      const server = createServer((request, response) => {
        paths.push(request.url ?? '');
        const strange = names.some((name) => request.url?.includes(name));
        const refusal = { errors: [{ parameters: { [parameter]: [] }, message: 'No such thing' }] };
        response.writeHead(strange ? 400 : 200, { 'content-type': 'application/json' });
        response.end(strange ? JSON.stringify(refusal) : timeline);
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      atEnd(() => void server.close());
      const address = server.address() as AddressInfo;
      const looked = await xAt(`http://127.0.0.1:${address.port}`).reconcile(order, new Date());
      return { looked, asked: paths.length };
    };
    const all = await refusing(['tweet.fields'], 'tweet.fields')();
    expect(all).toMatchObject({ looked: { kind: 'found' }, asked: 2 });
    const other = await refusing(['start_time'], 'start_time')();
    expect(other).toMatchObject({ looked: { kind: 'undecided' }, asked: 1 });
  });

  it('says absent when the account was read and it is not there', async () => {
    const order = await newOrder(x, control);
    const since = await sendInDoubt(order, 'status500');
    expect(await x.reconcile(order, since)).toEqual({ kind: 'absent' });
    await x.prepare({ ...order, text: `${order.text} But other words.` })();
    expect(await x.reconcile(order, since)).toEqual({ kind: 'absent' });
  });

  it('does not take an older post of the same words for ours', async () => {
    const order = await newOrder(x, control);
    await x.prepare(order)();
    expect(await x.reconcile(order, new Date(Date.now() + 600_000))).toEqual({ kind: 'absent' });
  });

  it('finds ours below whatever the account has posted since, and owns up when that is too much', async () => {
    await control.behaviour({ limits: { tweetsPerUser: { limit: 1_000 } } });
    const order = await newOrder(x, control);
    const since = await sendInDoubt(order, 'status500AfterAccept');
    const more = async (count: number, words: string): Promise<void> => {
      for (let i = 0; i < count; i++) await x.prepare({ ...order, text: `${words} ${i}` })();
    };
    await more(20, 'Something else');
    expect(await x.reconcile(order, since)).toMatchObject({ kind: 'found' });
    await more(100, 'And more');
    expect(await x.reconcile(order, since)).toMatchObject({ kind: 'undecided' });
  });

  it('is undecided while X cannot be asked', async () => {
    const order = await newOrder(x, control);
    const since = await sendInDoubt(order, 'status500AfterAccept');
    const troubles = [
      'status500',
      'status502',
      'status503',
      'status429User',
      'resetBefore',
    ] as const;
    for (const fault of [...troubles, 'truncated201', 'garbled201'] as const) {
      await control.fault(order.account.handle, 'timeline', fault);
      expect(await x.reconcile(order, since), fault).toMatchObject({ kind: 'undecided' });
    }
    const nobody = xAt(`http://127.0.0.1:${await freePort()}`);
    expect(await nobody.reconcile(order, since)).toMatchObject({ kind: 'undecided' });
    expect(await x.reconcile(order, since)).toMatchObject({ kind: 'found' });
  });

  it('is undecided over an answer that is no timeline: nothing was read, so nothing is proved', async () => {
    const order = await newOrder(x, control);
    const stranger = { ...order, account: { id: '99999999', handle: 'nobody' } };
    expect(await x.reconcile(stranger, new Date())).toMatchObject({ kind: 'undecided' });
    const answers = [
      '<h1>Welcome</h1>',
      '{}',
      '[]',
      'null',
      '',
      '{"errors":[{"title":"Not Found"}]}',
    ];
    for (const body of answers) {
      const network = await answering('200 OK', 'application/json', body);
      const looked = await xAt(network).reconcile(order, new Date());
      expect(looked, body).toMatchObject({ kind: 'undecided' });
    }
  });

  it('is undecided over a timeline that is not whole', async () => {
    const parts = [
      '{"data":[],"meta":{"result_count":1}}',
      '{"meta":{"result_count":2}}',
      '{"data":[],"meta":{"result_count":0,"next_token":"more"}}',
      '{"data":[null],"meta":{"result_count":1}}',
      '{"data":{"length":0},"meta":{"result_count":0}}',
    ];
    for (const body of parts) {
      const network = await answering('200 OK', 'application/json', body);
      const looked = await xAt(network).reconcile(loneOrder, new Date());
      expect(looked, body).toMatchObject({ kind: 'undecided' });
    }
    const whole = await answering('200 OK', 'application/json', '{"meta":{"result_count":0}}');
    expect(await xAt(whole).reconcile(loneOrder, new Date())).toEqual({ kind: 'absent' });
  });

  it('finds one whatever X does with its blanks, and one that a slow clock calls older', async () => {
    const createdAt = new Date(Date.now() - 30_000).toISOString();
    const post = { id: '9', text: 'We ring\nthe bell  together.', created_at: createdAt };
    const body = JSON.stringify({ data: [post], meta: { result_count: 1 } });
    const network = await answering('200 OK', 'application/json', body);
    const order = { ...loneOrder, text: 'We ring\n\nthe bell together.' };
    const looked = await xAt(network).reconcile(order, new Date());
    expect(looked).toMatchObject({ kind: 'found', id: '9' });
  });

  it('does not give up on an account for what is the app’s trouble or a gateway’s', async () => {
    const json = 'application/json';
    const answers: [string, string, string][] = [
      ['402 Payment Required', json, '{"title":"CreditsDepleted"}'],
      ['403 Forbidden', json, '{"type":"https://api.x.com/2/problems/client-forbidden"}'],
      ['403 Forbidden', 'text/html', '<h1>Are you human?</h1>'],
      ['401 Unauthorized', 'text/html', '<h1>Log in to the proxy</h1>'],
    ];
    for (const [status, type, body] of answers) {
      const network = await answering(status, type, body);
      const looked = await xAt(network).reconcile(loneOrder, new Date());
      expect(looked, `${status} ${body}`).toMatchObject({ kind: 'undecided' });
    }
  });

  it('is unreadable once the grant is dead or the account shut', async () => {
    const order = await newOrder(x, control);
    const since = await sendInDoubt(order, 'status500AfterAccept');
    await control.changeAccount(order.account.id, { suspended: true });
    expect(await x.reconcile(order, since)).toEqual({ kind: 'unreadable', detail: '403' });
    await control.changeAccount(order.account.id, { suspended: false, revokeGrants: true });
    expect(await x.reconcile(order, since)).toEqual({ kind: 'unreadable', detail: '401' });
  });
});
