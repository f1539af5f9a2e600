import { beforeAll, describe, expect, it } from 'vitest';
import { GrantRefused, type Platform, type PostOrder } from '../../../src/platforms/platform.ts';
import type { ApiPath } from '../../../src/simulator/behaviour.ts';
import type { SimulatorControl } from '../../../src/simulator/client.ts';
import { startNetwork } from '../../support/network.ts';
import { newOrder, obtainCode, xAt } from './support.ts';

/** The network hangs for two minutes; whatever ends before the test's own limit was ended by ours. */
describe('a network that never answers', () => {
  let control: SimulatorControl;
  let patient: Platform;
  let hurried: Platform;
  beforeAll(async () => {
    const network = await startNetwork();
    control = network.control;
    patient = xAt(network.url);
    hurried = xAt(network.url, { timeoutMs: 300 });
  });

  async function hangingOn(path: ApiPath): Promise<PostOrder> {
    const order = await newOrder(patient, control);
    await control.fault(order.account.handle, path, 'hangBefore', 3);
    return order;
  }

  async function givesUp(call: Promise<unknown>): Promise<void> {
    const error = await call.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(GrantRefused);
  }

  it('ends a refresh', async () => {
    await givesUp(hurried.refresh((await hangingOn('token')).grant));
  });

  it('ends the exchange of a code', async () => {
    const { account } = await hangingOn('token');
    await givesUp(hurried.exchange(await obtainCode(patient, account.handle)));
  });

  it('ends revoking', async () => {
    await givesUp(hurried.revoke((await hangingOn('revoke')).grant));
  });

  it('ends asking who somebody is', async () => {
    await givesUp(hurried.whoAmI((await hangingOn('me')).grant));
  });

  it('ends a post, in doubt', async () => {
    expect(await hurried.prepare(await hangingOn('posts'))()).toMatchObject({ kind: 'unknown' });
  });

  it('ends a look at the timeline, undecided', async () => {
    const order = await hangingOn('timeline');
    expect(await hurried.reconcile(order, new Date())).toMatchObject({ kind: 'undecided' });
  });
});
