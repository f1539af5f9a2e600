import { beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../../config/config.ts';
import { scheduleCampaign } from '../../../src/actions/campaign/schedule-campaign.ts';
import { sendHeartbeat } from '../../../src/actions/upkeep/heartbeat.ts';
import { createSweep, onWork } from '../../../src/actions/upkeep/sweep.ts';
import { type Context, createContext } from '../../../src/context.ts';
import { createLogger } from '../../../src/log.ts';
import { findCampaign } from '../../../src/store/campaign.ts';
import { migrateAt, notify } from '../../../src/store/connection/database.ts';
import { atEnd } from '../../support/at-end.ts';
import { needs, testDatabase } from '../../support/database.ts';
import { insertCampaignRow } from '../../support/rows.ts';
import { tempFolder } from '../../support/temp.ts';
import { waitFor } from '../../support/wait-for.ts';

const DAY = 86_400_000;

needs('postgres')('E9 the look through the records', () => {
  let ctx: Context;
  let open: (besideInstance: boolean) => Promise<Context>;
  beforeAll(async () => {
    const config = loadConfig({
      DATABASE_URL: (await testDatabase(migrateAt)).url,
      DATA_DIR: await tempFolder('sweep'),
      LOG_LEVEL: 'silent',
    });
    open = async (besideInstance) => {
      const { signal } = new AbortController();
      const made = await createContext(config, createLogger(config), signal, { besideInstance });
      atEnd(() => made.dispose());
      return made;
    };
    ctx = await open(false);
  });

  /** How often the workers were woken. */
  function listening(): { count: () => number } {
    let count = 0;
    const stop = onWork(ctx, () => {
      count += 1;
    });
    atEnd(async () => stop());
    return { count: () => count };
  }

  it('E9 tells that nothing is due, until there is something that it asks for', async () => {
    const asked: string[] = [];
    const sweep = createSweep(ctx, { ensure: (name) => void asked.push(name) });
    const id = await insertCampaignRow(ctx, { state: 'settled', momentMs: -DAY });
    expect(await sweep()).toEqual({ failed: 0, isQuiet: true });
    expect(asked).toEqual([]);
    await ctx.db
      .insertInto('campaign_event')
      .values({ campaign_id: id, actor: 'Vera', action: 'paused', scope: 'campaign', detail: '' })
      .execute();
    expect(await sweep()).toEqual({ failed: 0, isQuiet: false });
    expect(asked).toEqual(['seal']);
  });

  it('E9 is woken when a campaign is opened or moved, and by commands, but not by signs of life', async () => {
    const woken = listening();
    const id = await insertCampaignRow(ctx, { state: 'settled', momentMs: -DAY });
    const campaign = await findCampaign(ctx.db, { id });
    if (!campaign) throw new Error('There is no campaign');
    await sendHeartbeat(ctx);
    expect(woken.count()).toBe(0);
    await scheduleCampaign(ctx, campaign);
    await waitFor(() => woken.count() === 1, { what: 'the first word' });
    const command = await open(true);
    expect(await command.queues.enqueue('revoke', {})).toBe(false);
    await waitFor(() => woken.count() === 2, { what: 'the word of a command' });
    await notify(command.db, 'hold', '');
    await waitFor(() => woken.count() === 3, { what: 'the word of a stop' });
  });

  it('E9 is not quiet where one of its steps fails', async () => {
    const failing = { ...ctx, platforms: null as unknown as Context['platforms'] };
    const { failed, isQuiet } = await createSweep(failing, { ensure: () => undefined })();
    expect(failed).toBeGreaterThan(0);
    expect(isQuiet).toBe(false);
  });
});
