import { expect, it } from 'vitest';
import { withdrawPledge } from '../../../../src/actions/receipt/withdraw-pledge.ts';
import { plainBrowser } from '../../../support/browser.ts';
import { needs } from '../../../support/database.ts';
import { startStage } from '../../../support/stage.ts';
import { waitFor } from '../../../support/wait-for.ts';

needs('postgres')('a shard with nothing to send', () => {
  it('is done with before the moment, and its campaign does not fire before it', async () => {
    // The shard is armed and done with in what is left of the lead.
    const environment = { LOCK_LEAD_SECONDS: '9', ARM_LEAD_SECONDS: '5' };
    const stage = await startStage({ environment });
    const { ctx } = stage.instance;
    const opened = await stage.open();
    await plainBrowser().join(opened.url, 'undecided');
    const campaign = await stage.bringForward(opened, 12_000);
    const stateOf = async () => {
      const of = ctx.db.selectFrom('campaign').select('state').where('id', '=', campaign.id);
      return (await of.executeTakeFirstOrThrow()).state;
    };
    await waitFor(async () => (await stateOf()) === 'locked', {
      timeoutMs: 30_000,
      what: 'the lock',
    });
    const { receipt_id: receipt } = await ctx.db
      .selectFrom('pledge')
      .select('receipt_id')
      .executeTakeFirstOrThrow();
    const receiptToken = ctx.vault.receiptToken(receipt);
    await withdrawPledge(ctx, { receiptToken, pledgeId: null });

    const done = async () =>
      (await ctx.db.selectFrom('shard').select('done').executeTakeFirst())?.done === true;
    await waitFor(done, { timeoutMs: 30_000, everyMs: 20, what: 'the shard to be done with' });
    const state = await stateOf();
    expect(Date.now()).toBeLessThan(campaign.moment.getTime());
    expect(state).toBe('locked');
    await waitFor(async () => (await stateOf()) === 'settled', {
      timeoutMs: 60_000,
      what: 'the end',
    });
    expect(await stage.control.posts()).toEqual([]);
  });
});
