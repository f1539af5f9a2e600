import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { joinAs } from '../../src/demo/supporter.ts';
import type { AccountChange, PlatformName } from '../../src/simulator/client.ts';
import { knownServer } from '../../src/simulator/client.ts';
import { LOCALES } from '../../src/web/index.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { startNetwork } from '../support/network.ts';
import type { Network } from '../support/networks.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

needs('postgres')('an account that is in trouble before the moment', () => {
  let stage: TestStage;
  let bluesky: Network;
  let gotosocial: Network;
  beforeAll(async () => {
    gotosocial = await startNetwork('mastodon');
    await gotosocial.control.behaviour({ mastodon: { software: 'gotosocial' } });
    bluesky = await startNetwork('bluesky');
    const hosts = [gotosocial, bluesky].map(({ url }) => new URL(url).host);
    stage = await startStage({
      platforms: ['x'],
      environment: {
        PRIVATE_HOSTS: hosts.join(','),
        BLUESKY_DIRECTORY_URL: bluesky.url,
        BLUESKY_RESOLVER_URL: bluesky.url,
        BLUESKY_POST_URL: bluesky.url,
      },
    });
    await bluesky.control.behaviour({ bluesky: { namesTakedown: false } });
  });

  const join = async (campaign: OpenedCampaign, name: PlatformName, handle: string) => {
    const { url, control } = name === 'bluesky' ? bluesky : gotosocial;
    await control.createAccounts({ accounts: [{ handle }] });
    const where = knownServer(name, url, handle);
    return (await joinAs(campaign.url, handle, 0, { platform: name, where })).receiptUrl;
  };

  /** Everybody is looked at again, as in a round of preflight. */
  const lookAgain = (campaign: OpenedCampaign) =>
    sql`update credential set checked_at = 'epoch', check_after = null
      where campaign_id = ${campaign.id}`.execute(stage.instance.ctx.db);

  const textOf = async (url: string, lang = 'en') =>
    (await plainBrowser(lang).get(`${url.split('?')[0]}?lang=${lang}`)).text;

  const troubles: [string, AccountChange, string][] = [
    ['taken', { suspended: true }, 'Bluesky has suspended your account.'],
    ['deleted', { deleted: true }, 'Bluesky no longer has this account.'],
    ['asleep', { locked: true, revokeGrants: true }, 'Your account is switched off at Bluesky.'],
    ['revoked', { revokeGrants: true }, 'Bluesky no longer takes your permission'],
  ];
  it('E6 is told what the matter is, and not merely to connect again', async () => {
    const campaign = await stage.open();
    const receipts = new Map<string, string>();
    for (const [handle] of troubles) receipts.set(handle, await join(campaign, 'bluesky', handle));
    for (const [handle, change] of troubles) await bluesky.control.changeAccount(handle, change);
    await lookAgain(campaign);
    for (const [handle, , words] of troubles) {
      const url = receipts.get(handle) ?? '';
      await waitFor(async () => (await textOf(url)).includes(words), {
        what: `${handle} to be told`,
      });
      const text = await textOf(url);
      // Nothing will ever go out from an account that is deleted.
      expect(text.includes('Connect again'), handle).toBe(handle !== 'deleted');
      expect(text.includes('another account instead'), handle).toBe(handle === 'deleted');
      expect(text.includes('no longer takes'), handle).toBe(handle === 'revoked');
      expect(text.includes('If that changes'), handle).toBe(['taken', 'asleep'].includes(handle));
    }
  });

  it('E6 says it of a post that was refused at the moment, too', async () => {
    const campaign = await stage.open();
    const receipt = await join(campaign, 'bluesky', 'taken_late');
    const revoked = await join(campaign, 'bluesky', 'revoked_late');
    // Behind the back of preflight.
    await sql`update credential set checked_at = now() + interval '1 day'
      where campaign_id = ${campaign.id}`.execute(stage.instance.ctx.db);
    await bluesky.control.changeAccount('taken_late', { suspended: true });
    await bluesky.control.changeAccount('revoked_late', { revokeGrants: true });
    await stage.bringForward(campaign, 4_000);
    await waitFor(async () => (await textOf(receipt)).includes('did not go out'), {
      what: 'the end',
    });
    expect(await textOf(receipt)).toContain('Bluesky has suspended your account.');
    await waitFor(async () => (await textOf(revoked)).includes('did not go out'), {
      what: 'the end',
    });
    expect(await textOf(revoked)).toContain('was no longer valid');
    const posts = await bluesky.control.posts();
    expect(posts.filter(({ handle }) => handle.endsWith('_late'))).toEqual([]);
    // B5 the campaign's page names the network, and says where people read what they can do.
    await waitFor(async () => (await textOf(campaign.url)).includes('taken by Bluesky.'), {
      what: 'the result',
    });
    expect(await textOf(campaign.url)).toContain('reads the reason on their receipt');
  });

  it('E13 says that the account may be suspended where a server does not tell, in every language', async () => {
    const campaign = await stage.open();
    const receipt = await join(campaign, 'mastodon', 'gts_suspended');
    const unapproved = await join(campaign, 'mastodon', 'gts_unapproved');
    await gotosocial.control.changeAccount('gts_suspended', { suspended: true });
    await gotosocial.control.changeAccount('gts_unapproved', { locked: true });
    await lookAgain(campaign);
    for (const url of [receipt, unapproved]) {
      await waitFor(async () => (await textOf(url)).includes('Connect again'), {
        what: 'the word',
      });
      expect(await textOf(url)).toContain('your account may be suspended');
    }
    const said = new Set<string>();
    for (const lang of LOCALES) {
      const page = await plainBrowser(lang).get(`${receipt.split('?')[0]}?lang=${lang}`);
      const [, sentence = ''] = /<\/strong><\/p><p>([^<]+)<\/p>/.exec(page.html) ?? [];
      expect(sentence, lang).toContain('Mastodon');
      said.add(sentence);
    }
    expect(said.size).toBe(LOCALES.length);
  });
});
