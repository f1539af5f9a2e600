import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { diagnoseKeys } from '../../../src/actions/health/diagnose-keys.ts';
import { destroyKeys } from '../../../src/actions/keys/destroy-keys.ts';
import { exportLedger } from '../../../src/actions/ledger/export-ledger.ts';
import { showSeizure } from '../../../src/actions/operator/show-seizure.ts';
import type { Context } from '../../../src/context.ts';
import { createLedgerCheck } from '../../../src/domain/ledger-check.ts';
import { connect, migrateAt } from '../../../src/store/connection/database.ts';
import { KEPT } from '../../../src/store/kept/index.ts';
import { readMasterKey } from '../../../src/store/vault/master-key.ts';
import { proposeOwn } from '../../http/on-page.ts';
import { atEnd } from '../../support/at-end.ts';
import { type Page, type PlainBrowser, plainBrowser } from '../../support/browser.ts';
import { type Dump, restoreDump, takeDump } from '../../support/copy-records.ts';
import { needs, testDatabase } from '../../support/database.ts';
import { formsOf } from '../../support/dump.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../../support/stage.ts';
import { waitFor } from '../../support/wait-for.ts';

const OWN = 'Planted words of my own: let them all go.';
const HANDLES = ['plantedanna', 'plantedboris', 'plantedclara', 'planteddora'];
const [STAYS = '', ALSO = '', WITHDRAWS = '', ERASES = ''] = HANDLES;
const EIGHT_DAYS = sql`interval '8 days'`;

needs('postgres')('A4 a campaign whose time is over', () => {
  let stage: TestStage;
  let ctx: Context;
  let campaign: OpenedCampaign;
  const browsers = new Map<string, PlainBrowser>();
  const receipts = new Map<string, Page>();
  let during: Dump;
  let late: Page;
  let old: { masterKey: string; masterKeyId: string };
  /** Milliseconds from the end of a delivery, or a withdrawal, until its permission was shredded. */
  const shredMs: number[] = [];

  beforeAll(async () => {
    stage = await startStage({ environment: { RETENTION_DAYS: '7' } });
    ctx = stage.instance.ctx;
    campaign = await stage.open({ document: { own_words: true } });
    for (const handle of HANDLES) {
      const browser = plainBrowser();
      browsers.set(handle, browser);
      receipts.set(handle, await browser.join(campaign.url, handle));
    }
    const browser = browsers.get(STAYS) ?? plainBrowser();
    const change = await proposeOwn(browser, receipt(STAYS), OWN);
    expect((await browser.submit(change, '/agree')).text).toContain(OWN);
    const { masterKey, masterKeyId } = ctx.config.secrets;
    old = { masterKey: masterKey.reveal(), masterKeyId };
  });

  const receipt = (handle: string): Page => {
    const page = receipts.get(handle);
    if (!page) throw new Error(`${handle} has no receipt`);
    return page;
  };
  const again = async (handle: string): Promise<Page> =>
    (browsers.get(handle) ?? plainBrowser()).get(receipt(handle).url);
  const textOf = (dump: Dump): string =>
    [...dump].map(([table, rows]) => `${table} ${rows}`).join('\n');
  const found = (text: string, words: readonly string[]): string[] =>
    words.filter((word) => formsOf(word).some((form) => text.includes(form)));
  const count = async (table: 'credential' | 'pledge' | 'delivery'): Promise<number> => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.table(table)} where campaign_id = ${campaign.id}`.execute(
      ctx.db,
    );
    return rows[0]?.count ?? 0;
  };

  it('names on each receipt the day until which it works, in the language of the page', async () => {
    const until = new Date(campaign.moment.getTime() + 7 * 86_400_000).toISOString();
    for (const locale of ['en', 'ru', 'ar', 'de', 'fr', 'es', 'it', 'uk']) {
      const page = await plainBrowser(locale).get(
        `${receipt(STAYS).url.split('?')[0]}?lang=${locale}`,
      );
      expect(page.html, locale).toContain(`datetime="${until}"`);
    }
    expect(receipt(STAYS).text).toMatch(/works until .*\(/);
  });

  it('P7 keeps nothing of what is withdrawn, within a second, but that it was', async () => {
    const [before] = (
      await ctx.db.selectFrom('pledge').selectAll().where('campaign_id', '=', campaign.id).execute()
    ).filter(({ receipt_id: id }) => receipt(WITHDRAWS).url.includes(ctx.vault.receiptToken(id)));
    const browser = browsers.get(WITHDRAWS) ?? plainBrowser();
    const asked = performance.now();
    const page = await browser.submit(receipt(WITHDRAWS), '/withdraw');
    const tookMs = performance.now() - asked;
    const row = await ctx.db
      .selectFrom('pledge')
      .selectAll()
      .where('id', '=', before?.id ?? '')
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({
      state: 'withdrawn',
      erased: true,
      account_hash: null,
      host: '',
      withdrawn_at: null,
    });
    expect(row.sealed).toHaveLength(0);
    expect(row.consented_at.getTime()).toBe(0);
    const intents = await ctx.db
      .selectFrom('intent')
      .select('id')
      .where('id', '=', row.receipt_id)
      .execute();
    const flows = await ctx.db
      .selectFrom('oauth_flow')
      .select('platform')
      .where('intent_id', '=', row.receipt_id)
      .execute();
    expect([intents, flows]).toEqual([[], []]);
    await waitFor(
      async () =>
        (
          await ctx.db
            .selectFrom('credential')
            .select('id')
            .where('pledge_id', '=', row.id)
            .execute()
        ).length === 0,
      { what: 'the permission to be given back and shredded' },
    );
    shredMs.push(performance.now() - asked);
    const dump = textOf(await takeDump(ctx.db));
    // Neither what was sealed of it, nor its hash, in any form.
    const bytes = [before?.sealed, before?.account_hash].map(
      (value) => value?.toString('hex') ?? 'nothing',
    );
    expect(found(dump, [WITHDRAWS, ...bytes])).toEqual([]);
    expect(page.html).toContain('data-state="withdrawn"');
    expect(page.text).toContain('your text are erased');
    expect(page.text).not.toContain(WITHDRAWS);
    expect((await browser.get(`${receipt(WITHDRAWS).url.split('?')[0]}/data.json`)).text).toContain(
      'erased when you withdrew',
    );
    expect(tookMs).toBeLessThan(20_000);
  });

  it('lets an account join again that has withdrawn, once', async () => {
    const first = await plainBrowser().join(campaign.url, WITHDRAWS);
    const second = await plainBrowser().join(campaign.url, WITHDRAWS);
    expect(new URL(second.url).pathname).toBe(new URL(first.url).pathname);
    expect((await again(WITHDRAWS)).html).toContain('data-state="withdrawn"');
    const { rows } = await sql`
      select 1 from pledge where campaign_id = ${campaign.id} and state = 'active'`.execute(ctx.db);
    expect(rows).toHaveLength(4);
    const browser = browsers.get(ERASES) ?? plainBrowser();
    const gone = await browser.submit(receipt(ERASES), '/erase');
    expect([gone.status, gone.text]).toEqual([410, expect.stringContaining('Nothing is left')]);
    expect((await again(ERASES)).text).toContain('This receipt has ended');
  });

  it('P5 yields to who takes the disk ciphertext before, and needs secrets.json for it', async () => {
    const before = textOf(await takeDump(ctx.db));
    expect(found(before, [...HANDLES, OWN])).toEqual([]);
    const [seized] = await showSeizure(ctx);
    expect(seized).toMatchObject({ slug: campaign.slug, state: 'open', shut: 0 });
    expect(seized?.opened).toBeGreaterThan(5);
  });

  it('P2 shreds each permission within a minute of its last use', async () => {
    await stage.bringForward(campaign);
    const settledAt = await waitFor(
      async () =>
        (
          await ctx.db
            .selectFrom('campaign')
            .select('settled_at')
            .where('id', '=', campaign.id)
            .executeTakeFirst()
        )?.settled_at,
      { timeoutMs: 60_000, what: 'the campaign to settle' },
    );
    await waitFor(async () => (await count('credential')) === 0, {
      what: 'every permission to be shredded',
    });
    shredMs.push(Date.now() - (settledAt as Date).getTime());
    expect(Math.max(...shredMs)).toBeLessThan(60_000);
    const revoked = (await stage.control.record(0, 'revoke')).filter(
      ({ status }) => status === 200,
    );
    // The network knows the owner of a token of a living grant only: once a grant.
    const owners = new Set(revoked.flatMap(({ handle }) => handle ?? []));
    expect(owners).toEqual(new Set(HANDLES));
    const posted = await again(STAYS);
    expect(posted.html).toContain('data-state="posted"');
    during = await takeDump(ctx.db);
    expect(found(textOf(during), [...HANDLES, OWN, ...(await postWords())])).toEqual([]);
  });

  /** Ids and addresses of the posts, from the network's own record. */
  async function postWords(): Promise<string[]> {
    const posts = await stage.control.posts();
    return posts.flatMap(({ id, text }) => [id, text]);
  }

  it('is destroyed when its days are over, and its rows are reduced to counters', async () => {
    const refused = destroyKeys(ctx, { slug: campaign.slug, confirm: 'no', actor: 'test' });
    await expect(refused).rejects.toThrow(/cannot be taken back/);
    const hashes = await ctx.db.selectFrom('assisted_post').selectAll().execute();
    expect(hashes).toEqual([]);
    await ctx.db
      .insertInto('assisted_post')
      .values({ campaign_id: campaign.id, link_hash: Buffer.alloc(32, 7) })
      .execute();
    await sql`update campaign set settled_at = settled_at - ${EIGHT_DAYS} where id = ${campaign.id}`.execute(
      ctx.db,
    );
    await waitFor(
      async () =>
        (
          await ctx.db
            .selectFrom('campaign')
            .select('reduced_at')
            .where('id', '=', campaign.id)
            .executeTakeFirst()
        )?.reduced_at,
      { timeoutMs: 60_000, what: 'the rows to be reduced' },
    );
    expect(await reducedWrong()).toEqual([]);
    const [seized] = await showSeizure(ctx);
    expect(seized).toMatchObject({ opened: 0, shut: 0, guessable: 0 });
    // The figures are what they were.
    // An old page is given where a new one is not made at once.
    const shows = async () => (await plainBrowser().get(campaign.url)).html;
    await waitFor(async () => (await shows()).includes('data-state="settled"'), {
      timeoutMs: 60_000,
      what: 'the page of a campaign that is over',
    });
    const { rows } = await sql<{ state: string; count: number }>`
      select state, count(*)::int as count from delivery where campaign_id = ${campaign.id} group by state`.execute(
      ctx.db,
    );
    expect(rows).toEqual([{ state: 'posted', count: 3 }]);
    const { posts_by_hand: byHand } = await ctx.db
      .selectFrom('campaign')
      .select('posts_by_hand')
      .where('id', '=', campaign.id)
      .executeTakeFirstOrThrow();
    expect(byHand).toBe(1);
  });

  /** Columns of rows of the campaign that still hold what their entry says is gone. */
  async function reducedWrong(): Promise<string[]> {
    const wrong: string[] = [];
    for (const [table, { rows: fate, columns }] of Object.entries(KEPT)) {
      if (fate === 'deleted') {
        const { rows } =
          await sql`select 1 from ${sql.table(table)} where campaign_id = ${campaign.id}`.execute(
            ctx.db,
          );
        if (rows.length > 0) wrong.push(table);
      }
      if (fate !== 'reduced') continue;
      for (const [column, { reduced }] of Object.entries(columns)) {
        if (reduced === null || reduced.includes('random')) continue;
        const { rows } = await sql`
          select 1 from ${sql.table(table)} where campaign_id = ${campaign.id}
            and ${sql.ref(column)} is distinct from ${sql.raw(reduced)}`.execute(ctx.db);
        if (rows.length > 0) wrong.push(`${table}.${column}`);
      }
    }
    return wrong;
  }

  it('ends its receipts in words, and everything that hangs on them', async () => {
    for (const handle of [STAYS, ALSO, WITHDRAWS]) {
      const page = await again(handle);
      expect([handle, page.status]).toEqual([handle, 410]);
      expect(page.text).toContain('This receipt has ended');
      expect(page.text).not.toContain(handle);
    }
    const path = receipt(STAYS).url.split('?')[0];
    expect((await plainBrowser('ru').get(`${path}?lang=ru`)).text).toContain(
      'Срок этой квитанции истёк',
    );
    expect((await plainBrowser().get(`${path}/data.json`)).status).toBe(410);
    late = await plainBrowser().get(`${stage.url}/c/${campaign.slug}`);
    expect(late.status).toBe(200);
  });

  it('leaves a ledger that still verifies', async () => {
    const { header, text } = await exportLedger(ctx, { slug: campaign.slug });
    const check = createLedgerCheck(header.head.hash);
    const pieces: string[] = [];
    for await (const piece of text) pieces.push(piece);
    for (const piece of pieces) check.add(Buffer.from(piece));
    expect(check.end()).toMatchObject({ whole: true, entries: header.head.position });
    expect(found(pieces.join(''), [...HANDLES, OWN, ...(await postWords())])).toEqual([]);
  });

  it('rotates the master key by itself, so that no older dump opens with what is left', async () => {
    await waitFor(async () => (await readMasterKey(ctx.db))?.owed_since === null, {
      timeoutMs: 60_000,
      what: 'the rotation',
    });
    await waitFor(() => ctx.vault.masterKeys().length === 1, {
      timeoutMs: 60_000,
      what: 'the old key to go',
    });
    expect(ctx.config.secrets.masterKeyId).not.toBe(old.masterKeyId);
    expect(ctx.config.secrets.masterKey.reveal()).not.toBe(old.masterKey);
    expect(await diagnoseKeys(ctx)).toEqual([]);
    const restored = await connect((await testDatabase(migrateAt)).url, () => {});
    atEnd(() => restored.dispose());
    await restoreDump(restored.db, during);
    const pledges = await restored.db
      .selectFrom('pledge')
      .selectAll()
      .where('erased', '=', false)
      .execute();
    expect(pledges.length).toBeGreaterThan(2);
    // Nor does a guess at an account, hashed with what is left, meet what lies there.
    const there = pledges.map(({ account_hash: hash }) => hash?.toString('hex'));
    for (const { id } of await stage.control.accounts()) {
      expect(there).not.toContain(ctx.vault.accountHash('x', id).toString('hex'));
    }
    for (const pledge of pledges) {
      const rowId = `${pledge.id}@${pledge.consented_at.getTime()}`;
      const place = {
        column: 'pledge.sealed',
        campaignId: campaign.id,
        platform: 'x',
        rowId,
      } as const;
      await expect(ctx.vault.open(restored.db, place, pledge.sealed)).rejects.toThrow(
        /cannot be opened|destroyed/,
      );
    }
  });
});
