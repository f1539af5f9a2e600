import { beforeAll, expect, it } from 'vitest';
import { recordKey } from '../../src/platforms/bluesky/record.ts';
import { computedFrom } from '../support/computed.ts';
import { needs } from '../support/database.ts';
import { type Planted, type PlantedInstance, startPlanted, TOKEN } from '../support/planted.ts';

needs('postgres', 'redis')('what people on every network leave with an instance', () => {
  let instance: PlantedInstance;
  /** By when it was taken. */
  const found: Record<string, Planted[]> = {};
  let during = 0;
  let planted: Planted[];

  beforeAll(async () => {
    instance = await startPlanted(2);
    found.before = await instance.hits(await instance.dump());
    const seen = new Map<string, Planted>();
    await instance.burst(async () => {
      during += 1;
      for (const one of await instance.hits(await instance.dump())) seen.set(one.value, one);
    });
    found.during = [...seen.values()];
    found.after = await instance.hits(await instance.dump());
    planted = await instance.planted();
  }, 300_000);

  it('S5 is there to be found: each kind of it, on every network', () => {
    const kinds = new Set(planted.map(({ what }) => what));
    for (const network of [
      'x',
      'mastodon',
      'bluesky',
      'threads',
      'facebook',
      'linkedin',
      'nostr',
    ]) {
      expect(kinds).toContain(`post of ${network}`);
    }
    for (const kind of [
      'handle',
      'account',
      'own words',
      'edited words',
      'typed',
      'typed server',
    ]) {
      expect(kinds).toContain(kind);
    }
    expect(kinds).toContain('address of the post');
    expect(planted.length).toBeGreaterThan(80);
  });

  it('S5 is nowhere in the records: neither before the moment, nor in its midst, nor after it', () => {
    expect(during).toBeGreaterThan(3);
    expect(found).toEqual({ before: [], during: [], after: [] });
  });

  it('S5 is in no command to Redis, no line of the log, no file and no export', async () => {
    const { commands, log } = instance;
    expect(commands.length).toBeGreaterThan(50);
    expect(await instance.hits(commands.join('\n'))).toEqual([]);
    expect(log()).toContain('is ready at');
    expect(await instance.hits(log())).toEqual([]);
    expect(log()).not.toContain(TOKEN);
    expect(await instance.files()).toContain('masterKey');
    expect(await instance.hits(await instance.files())).toEqual([]);
    expect(await instance.hits(await instance.export())).toEqual([]);
  });

  it('A15 is pointed at by nothing that anybody can compute of an export', async () => {
    const computed = computedFrom(await instance.export());
    expect(computed.size).toBeGreaterThan(1_000);
    let posts = 0;
    for (const [network, { control }] of instance.networks) {
      for (const { id, key = '' } of await control.posts()) {
        posts += 1;
        // A record's name ends in its key.
        for (const name of [id, id.split('/').at(-1) ?? '', key]) {
          expect([network, name, computed.has(name)]).toEqual([network, name, false]);
        }
      }
      if (network === 'mastodon') {
        const keys = (await control.posts()).map(({ key }) => key);
        expect(keys.every((key) => /^[0-9a-f]{32}$/.test(key ?? ''))).toBe(true);
      }
    }
    expect(posts).toBeGreaterThan(8);
  });

  it('A15 had been pointed at by the rule that was, which this would have found', async () => {
    const { ctx, campaign } = instance;
    const delivery = await ctx.db.selectFrom('delivery').select('id').executeTakeFirstOrThrow();
    const { moment } = await ctx.db
      .selectFrom('campaign')
      .select('moment')
      .where('id', '=', campaign.id)
      .executeTakeFirstOrThrow();
    const computed = computedFrom(await instance.export());
    expect(computed.has(recordKey(delivery.id, moment))).toBe(true);
    expect(computed.has(delivery.id)).toBe(true);
    const key = (await ctx.vault.postKeys(ctx.db, campaign.id))(delivery.id);
    expect([computed.has(key), computed.has(recordKey(key, moment))]).toEqual([false, false]);
  });

  it('A4 is shown to its owner all the same', async () => {
    for (const [handle, receipt] of instance.receipts) {
      const page = await fetch(receipt.url);
      const html = await page.text();
      expect([handle, page.status, html.includes(TOKEN)]).toEqual([handle, 200, true]);
    }
  });
});
