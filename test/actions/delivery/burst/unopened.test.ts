import { expect, it } from 'vitest';
import { plainBrowser } from '../../../support/browser.ts';
import { needs } from '../../../support/database.ts';
import { startStage } from '../../../support/stage.ts';
import { waitFor } from '../../../support/wait-for.ts';

needs('postgres')('a grant that cannot be opened', () => {
  it('keeps nobody else from being posted for, and is posted once it can be', async () => {
    const stage = await startStage({ queue: 'postgres' });
    const { db } = stage.instance.ctx;
    const campaign = await stage.open();
    await plainBrowser().join(campaign.url, 'sealed');
    const row = await db
      .selectFrom('credential')
      .select(['id', 'pledge_id', 'sealed'])
      .executeTakeFirstOrThrow();
    for (const handle of ['opens1', 'opens2']) await plainBrowser().join(campaign.url, handle);
    const write = (sealed: Buffer) =>
      db.updateTable('credential').set({ sealed }).where('id', '=', row.id).execute();
    const broken = Buffer.from(row.sealed);
    broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
    await write(broken);
    await stage.bringForward(campaign);

    const posters = async () => (await stage.control.posts()).map((post) => post.handle).sort();
    const both = async () => (await posters()).length >= 2 && posters();
    const patient = { timeoutMs: 60_000, everyMs: 200, what: 'the others’ posts' };
    expect(await waitFor(both, patient)).toEqual(['opens1', 'opens2']);
    const delivery = db.selectFrom('delivery').where('pledge_id', '=', row.pledge_id);
    expect(await delivery.select(['state', 'attempts']).execute()).toEqual([
      { state: 'waiting', attempts: 0 },
    ]);

    await write(row.sealed);
    await db
      .updateTable('delivery')
      .set({ due_at: new Date() })
      .where('pledge_id', '=', row.pledge_id)
      .execute();
    const all = async () => (await posters()).length >= 3 && posters();
    expect(await waitFor(all, { ...patient, what: 'the last post' })).toEqual([
      'opens1',
      'opens2',
      'sealed',
    ]);
  }, 120_000);
});
