import { expect, it } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { createCampaign } from '../../src/actions/campaign/create-campaign.ts';
import { createContext } from '../../src/context.ts';
import { createLogger } from '../../src/log.ts';
import { migrateAt } from '../../src/store/connection/database.ts';
import { goodCampaign } from '../support/bad-campaigns.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs, testDatabase } from '../support/database.ts';
import { startProcess } from '../support/process.ts';
import { tempFolder } from '../support/temp.ts';
import { waitFor } from '../support/wait-for.ts';
import { openEvents } from './events.ts';
import { cookieHeader } from './operator.ts';

needs('postgres')('the live figures', () => {
  it('end when the instance stops, and do not keep it', async () => {
    const environment = {
      DATABASE_URL: (await testDatabase(migrateAt)).url,
      DATA_DIR: await tempFolder('data'),
      PORT: '0',
    };
    const child = await startProcess({ args: ['src/main.ts'], env: environment });
    const url = (await child.line(/^Tocsin is ready at (\S+)$/, { timeoutMs: 60_000 }))[1] ?? '';
    const config = loadConfig({ ...environment, LOG_LEVEL: 'silent' });
    const ctx = await createContext(config, createLogger(config), new AbortController().signal);
    await createCampaign(ctx, { document: goodCampaign({ slug: 'watched' }), author: 'test' });
    await ctx.dispose();
    const link = (await child.line(/(http:\S+\/ops\/sign-in\/\S+)/))[1] ?? '';
    const browser = plainBrowser();
    await browser.submit(await browser.get(link), '/ops/sign-in/');
    const events = await openEvents(`${url}/ops/campaigns/watched/events`, cookieHeader(browser));
    await waitFor(() => events.seen.length === 1);
    expect(await child.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    await waitFor(() => events.ended, { what: 'the end of the stream' });
    expect(events.seen.at(-1)).toMatchObject({ event: 'end', data: 'stopping' });
    expect(child.output()).not.toMatch(/"level":[56]0/);
  }, 90_000);
});
