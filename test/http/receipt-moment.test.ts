import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { exportLedger } from '../../src/actions/ledger/export-ledger.ts';
import type { Context } from '../../src/context.ts';
import { createLedgerCheck } from '../../src/domain/ledger-check.ts';
import { openIntent } from '../../src/store/intent.ts';
import type { Schema } from '../../src/store/schema.ts';
import { openPledge } from '../../src/store/vault/sealed-pledge.ts';
import { openPost } from '../../src/store/vault/sealed-post.ts';
import { postsOf } from '../support/armed.ts';
import { type Page, plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

import { headOf, pathOf, proposeOwn, statesOn } from './on-page.ts';

const OWN = 'In my own words: open the doors.\n\nNow.';

/** What is done with each column of the tables that a receipt's rows are in. A new one has to be thought of here. */
type Fate =
  /** It is in the download as it is. */
  | 'given'
  /** What is sealed in it is in the download. */
  | 'opened'
  /** It is held and not given away: with it somebody could act in the person's name. */
  | 'secret'
  /** It tells nothing of anybody, or the same is given under another name. */
  | 'not personal';
const TABLES = ['pledge', 'credential', 'delivery', 'attempt', 'intent', 'oauth_flow'] as const;
type Told = (typeof TABLES)[number];
const FATES: { [T in Told]: Record<keyof Schema[T], Fate> } = {
  pledge: {
    id: 'given',
    campaign_id: 'not personal',
    platform: 'given',
    account_hash: 'given',
    sealed: 'opened',
    state: 'given',
    consented_at: 'given',
    withdrawn_at: 'given',
    host: 'given',
    receipt_id: 'given',
    erased: 'not personal',
  },
  credential: {
    id: 'not personal',
    pledge_id: 'given',
    campaign_id: 'not personal',
    platform: 'given',
    state: 'given',
    sealed: 'secret',
    expires_at: 'given',
    refreshing_until: 'not personal',
    revoke_after: 'not personal',
    revoke_attempts: 'not personal',
    created_at: 'given',
    checked_at: 'given',
    check_after: 'not personal',
    check_failures: 'not personal',
    dead_reason: 'given',
  },
  delivery: {
    id: 'given',
    pledge_id: 'given',
    campaign_id: 'not personal',
    platform: 'given',
    shard_id: 'not personal',
    fence: 'not personal',
    state: 'given',
    attempts: 'given',
    due_at: 'given',
    marked_at: 'given',
    sent_at: 'given',
    settled_at: 'given',
    sealed: 'opened',
    reason: 'given',
    host: 'given',
    sealed_stage: 'opened',
    restored: 'not personal',
  },
  attempt: {
    id: 'not personal',
    delivery_id: 'given',
    campaign_id: 'not personal',
    number: 'given',
    worker: 'not personal',
    sent_at: 'given',
    answered_at: 'given',
    network_at: 'given',
    outcome: 'given',
    detail: 'given',
    position: 'not personal',
    hash: 'not personal',
  },
  intent: {
    id: 'given',
    campaign_id: 'not personal',
    sealed: 'opened',
    browser_hash: 'secret',
    expires_at: 'given',
  },
  oauth_flow: {
    state_hash: 'secret',
    browser_hash: 'secret',
    campaign_id: 'not personal',
    platform: 'given',
    sealed: 'opened',
    expires_at: 'given',
    used_at: 'given',
    use_id: 'not personal',
    intent_id: 'given',
    ended: 'not personal',
  },
};

type Row = Record<string, never>;
const SEALED = ['pledge', 'delivery', 'intent'] as const;
/** What is sealed in a row of each; a flow is over before there is anything to look at. */
const OPEN: Record<(typeof SEALED)[number], (ctx: Context, row: Row) => Promise<unknown>> = {
  pledge: ({ vault, db }, row) =>
    openPledge(vault, db, {
      ...row,
      campaignId: row.campaign_id ?? '',
      consentedAt: row.consented_at ?? new Date(0),
    } as never),
  delivery: ({ vault, db }, row) =>
    openPost(vault, db, { ...row, campaignId: row.campaign_id ?? '' } as never),
  intent: async ({ vault, db }, row) => (await openIntent(db, vault, row as never)).words,
};

/** Every value in a document, however deep. */
function leavesOf(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [String(value)];
  return Object.values(value).flatMap(leavesOf);
}

function asTold(value: unknown): string[] {
  if (value instanceof Date) return [value.toISOString()];
  if (Buffer.isBuffer(value)) return [value.toString('hex')];
  return leavesOf(value);
}

needs('postgres')('a receipt through the moment', () => {
  let stage: TestStage;
  let ctx: Context;
  let campaign: OpenedCampaign;
  const browser = plainBrowser();
  const receipts = new Map<string, Page>();
  beforeAll(async () => {
    stage = await startStage({ environment: { X_TIMEOUT_MS: '1500' } });
    ctx = stage.instance.ctx;
    campaign = await stage.open();
    for (const handle of ['edited', 'doubted']) {
      receipts.set(handle, await plainBrowser().join(campaign.url, handle));
    }
    const change = await proposeOwn(browser, on('edited'), OWN);
    receipts.set('edited', await browser.submit(change, '/agree'));
    await stage.control.fault('doubted', 'posts', 'hangAfterAccept');
    campaign = await stage.bringForward(campaign);
  }, 60_000);

  const on = (handle: string): Page => {
    const page = receipts.get(handle);
    if (!page) throw new Error(`no receipt of ${handle}`);
    return page;
  };
  const textsOf = async (handle: string): Promise<string[]> => {
    const account = (await stage.control.accounts()).find((one) => one.handle === handle);
    return (await stage.control.posts())
      .filter((post) => post.account === account?.id)
      .map((post) => post.text);
  };
  const ledger = async (): Promise<string[]> => {
    const { text } = await exportLedger(ctx, { slug: campaign.slug });
    const check = createLedgerCheck();
    let whole = '';
    for await (const piece of text) {
      check.add(Buffer.from(piece));
      whole += piece;
    }
    expect(check.end()).toMatchObject({ whole: true });
    // The first line tells when it was exported.
    return whole.split('\n').slice(1);
  };

  it('cannot be erased while its post is on its way or in doubt, and there is one post', async () => {
    const state = async () => statesOn(await browser.get(on('doubted').url))[0];
    await waitFor(async () => ['sending', 'unconfirmed'].includes((await state()) ?? ''), {
      timeoutMs: 30_000,
      what: 'the post to be under way',
    });
    const seen = new Set<string>();
    await waitFor(
      async () => {
        const page = await browser.get(on('doubted').url);
        const [now = ''] = statesOn(page);
        if (now !== 'sending' && now !== 'unconfirmed') return true;
        const refused = await browser.submit(page, '/erase');
        if (refused.status === 409) {
          expect(refused.text).toContain('Until that is certain we cannot erase anything');
          seen.add(now);
        }
        return seen.has('unconfirmed');
      },
      { timeoutMs: 15_000, what: 'erasing to be refused' },
    );
    expect(seen.has('unconfirmed')).toBe(true);
    await waitFor(async () => (await state()) === 'posted', {
      timeoutMs: 30_000,
      what: 'the post',
    });
    expect(await textsOf('doubted')).toHaveLength(1);
    expect((await browser.submit(await browser.get(on('doubted').url), '/erase')).status).toBe(410);
    expect(await textsOf('doubted')).toHaveLength(1);
  }, 90_000);

  it('says when its post went out, to the tenth of a second, and where it is; it has the new text', async () => {
    const page = await waitFor(
      async () => {
        const found = await browser.get(on('edited').url);
        return statesOn(found)[0] === 'posted' ? found : null;
      },
      { timeoutMs: 30_000, what: 'the post' },
    );
    expect(headOf(page)).toMatch(/^Posted at \d\d:\d\d:\d\d\.\d$/);
    expect(page.html).toContain(`class="button" href="${stage.networkUrl}/i/web/status/`);
    expect(await textsOf('edited')).toEqual([OWN]);
    for (const gone of ['/withdraw', '/edit/', '/add"', '.ics']) {
      expect(page.html).not.toContain(gone);
    }
  });

  it('gives everything that is held, column by column', async () => {
    await waitFor(
      async () => {
        const row = await ctx.db
          .selectFrom('campaign')
          .select('state')
          .where('id', '=', campaign.id)
          .executeTakeFirst();
        return row?.state === 'settled';
      },
      { timeoutMs: 30_000, what: 'the campaign to be settled' },
    );
    const answer = await fetch(`${stage.url}${pathOf(on('edited'))}/data.json`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    const leaves = leavesOf(await answer.json());
    expect(leaves).toContain('edited');
    const receiptId = ctx.vault.readReceiptToken(pathOf(on('edited')).split('/')[2] ?? '') ?? '';
    const pledge = `select id from pledge where receipt_id = '${receiptId}'`;
    const delivery = `select id from delivery where pledge_id in (${pledge})`;
    const where: Record<Told, string> = {
      pledge: `receipt_id = '${receiptId}'`,
      credential: `pledge_id in (${pledge})`,
      delivery: `pledge_id in (${pledge})`,
      attempt: `delivery_id in (${delivery})`,
      intent: `id = '${receiptId}'`,
      oauth_flow: `intent_id = '${receiptId}'`,
    };
    for (const table of SEALED) {
      const { rows } = await sql<Row>`
        select * from ${sql.table(table)} where ${sql.raw(where[table])}`.execute(ctx.db);
      for (const value of await Promise.all(rows.map((row) => OPEN[table](ctx, row)))) {
        expect(leavesOf(value).length).toBeGreaterThan(1);
        for (const leaf of leavesOf(value))
          expect([table, leaves]).toEqual([table, expect.arrayContaining([leaf])]);
      }
    }
    for (const table of TABLES) {
      const fates: Record<string, Fate> = FATES[table];
      const { rows: columns } = await sql<{ name: string }>`
        select column_name as name from information_schema.columns
        where table_name = ${table} and table_schema = current_schema()`.execute(ctx.db);
      expect(new Set(Object.keys(fates))).toEqual(new Set(columns.map(({ name }) => name)));
      const { rows } = await sql<Record<string, unknown>>`
        select * from ${sql.table(table)} where ${sql.raw(where[table])}`.execute(ctx.db);
      if (table !== 'credential') expect([table, rows.length > 0]).toEqual([table, true]);
      for (const [column, value] of rows.flatMap((row) => Object.entries(row))) {
        if (value === null) continue;
        const told = asTold(value).every((one) => leaves.includes(one));
        if (fates[column] === 'given') expect([table, column, told]).toEqual([table, column, true]);
        if (fates[column] === 'secret')
          expect([table, column, told]).toEqual([table, column, false]);
      }
    }
  }, 60_000);

  it('is erased after the moment, and the ledger stays whole to the byte', async () => {
    const before = await ledger();
    expect(before.length).toBeGreaterThan(3);
    const page = await browser.get(on('edited').url);
    const [, postId = ''] = /\/i\/web\/status\/(\d+)/.exec(page.html) ?? [];
    const posts = async () => [...(await postsOf(ctx, campaign.id)).values()].map(({ id }) => id);
    expect(await posts()).toEqual([postId]);

    expect((await browser.submit(page, '/erase')).status).toBe(410);
    expect(await posts()).toEqual([]);
    const { rows } = await sql`
      select d.sealed, d.sealed_stage, d.state, p.state as pledge, encode(p.sealed, 'hex') as held, p.erased from delivery d
      join pledge p on p.id = d.pledge_id where d.campaign_id = ${campaign.id}`.execute(ctx.db);
    const nobody = { sealed: null, sealed_stage: null, pledge: 'active', held: '', erased: true };
    expect(rows).toEqual([
      { ...nobody, state: 'posted' },
      { ...nobody, state: 'posted' },
    ]);
    expect(await ledger()).toEqual(before);
    expect(await textsOf('edited')).toEqual([OWN]);
    const changed = ctx.db.updateTable('attempt').set({ detail: 'x' }).execute();
    await expect(changed).rejects.toThrow(/appended to, never changed/);
  }, 60_000);
});
