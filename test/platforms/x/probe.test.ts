import { beforeAll, describe, expect, it } from 'vitest';
import type { Platform } from '../../../src/platforms/platform.ts';
import { classifyProbe } from '../../../src/platforms/x/probe.ts';
import type { Fault } from '../../../src/simulator/behaviour.ts';
import type { SimulatorControl } from '../../../src/simulator/client.ts';
import { freePort } from '../../support/free-port.ts';
import { startNetwork } from '../../support/network.ts';
import { saidBy } from '../said-by.ts';
import { loneOrder, newOrder, xAt } from './support.ts';

const NOW = new Date('2027-03-01T12:00:00.000Z');
const problem = (name: string): object => ({ type: `https://api.twitter.com/2/problems/${name}` });
const code = (number: number): object => ({ errors: [{ code: number, message: 'as X says' }] });
const HTML = '<html><body>An intermediary speaks</body></html>';

describe('what an answer to "who am I" says about a grant', () => {
  const rows: [number, unknown, string][] = [
    [200, { data: { id: '12', username: 'somebody' } }, 'alive'],
    [200, { data: {} }, 'undecided'],
    [200, HTML, 'undecided'],
    [200, 'null', 'undecided'],
    [302, '', 'undecided'],
    [400, problem('invalid-request'), 'undecided'],
    [401, { title: 'Unauthorized', status: 401 }, 'dead'],
    [401, '', 'dead'],
    [401, HTML, 'undecided'],
    [401, code(326), 'barred account_locked'],
    [401, problem('usage-capped'), 'app_problem'],
    [402, '', 'app_problem'],
    [402, problem('credits'), 'app_problem'],
    [403, code(89), 'dead'],
    [403, problem('client-forbidden'), 'app_problem'],
    [403, code(326), 'barred account_locked'],
    [403, code(64), 'dead account_suspended'],
    [403, problem('user-suspended'), 'dead account_suspended'],
    [403, code(416), 'app_problem'],
    [403, HTML, 'undecided'],
    [404, problem('resource-not-found'), 'app_problem'],
    [404, HTML, 'undecided'],
    [410, code(251), 'app_problem'],
    [429, code(88), 'throttled'],
    [429, HTML, 'throttled'],
    [429, problem('usage-capped'), 'app_problem'],
    [500, {}, 'undecided'],
    [503, {}, 'undecided'],
  ];
  for (const [status, body, kind] of rows) {
    it(`${status} ${JSON.stringify(body)}: ${kind}`, () => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const answer = { kind: 'answer', status, headers: {}, body: text } as const;
      expect(saidBy(classifyProbe(answer, NOW))).toBe(kind);
    });
  }

  it('names the end of a limit', () => {
    const headers = { 'x-rate-limit-reset': String(NOW.getTime() / 1000 + 60) };
    const answer = { kind: 'answer', status: 429, headers, body: '' } as const;
    expect(classifyProbe(answer, NOW)).toMatchObject({ until: new Date(NOW.getTime() + 60_000) });
  });
});

describe('trying a grant on X', () => {
  let control: SimulatorControl;
  let x: Platform;
  beforeAll(async () => {
    const network = await startNetwork();
    control = network.control;
    x = xAt(network.url);
  });

  it('posts nothing, and learns what there is to learn', async () => {
    const { account, grant } = await newOrder(x, control);
    expect(await x.probe(grant)).toEqual({ kind: 'alive' });
    const faults: [Fault, string][] = [
      ['status401', 'dead'],
      ['status402', 'app_problem'],
      ['status403Forbidden', 'app_problem'],
      ['status429User', 'throttled'],
      ['status500', 'undecided'],
      ['resetBefore', 'undecided'],
    ];
    for (const [fault, kind] of faults) {
      await control.fault(account.handle, 'me', fault);
      expect((await x.probe(grant)).kind, fault).toBe(kind);
    }
    await control.changeAccount(account.id, { revokeGrants: true });
    expect(await x.probe(grant)).toMatchObject({ kind: 'dead' });
    expect((await control.posts()).filter((post) => post.account === account.id)).toEqual([]);
  });

  it('never rejects', async () => {
    const nobody = xAt(`http://127.0.0.1:${await freePort()}`);
    expect(await nobody.probe(loneOrder.grant)).toEqual({
      kind: 'undecided',
      detail: 'ECONNREFUSED',
    });
    const broken = { ...loneOrder.grant, accessToken: 'two\r\nlines' };
    expect(await x.probe(broken)).toMatchObject({ kind: 'dead' });
    expect(await x.prepare({ ...loneOrder, grant: broken })()).toMatchObject({ kind: 'reconnect' });
  });
});
