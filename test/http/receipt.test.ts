import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { acceptPlatform } from '../../src/actions/accept-platform.ts';
import { exportLedger } from '../../src/actions/export-ledger.ts';
import type { Context } from '../../src/context.ts';
import { textHash } from '../../src/domain/consent.ts';
import { createLedgerCheck } from '../../src/domain/ledger-check.ts';
import { decideConsent } from '../../src/simulator/client.ts';
import type { Schema } from '../../src/store/schema.ts';
import { type Page, type PlainBrowser, plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { connectReef, REEF_AS_OF, type Reef } from '../support/reef.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

const X = { platform: 'x' };
const REEF = { platform: 'reef', where_reef: 'atoll.example' };
const OWN = 'In my own words: open the doors.\n\nNow.';

const pathOf = (page: Page): string => new URL(page.url).pathname;
const statesOn = (page: Page): string[] =>
  [...page.html.matchAll(/<article[^>]*data-state="([a-z]+)"/g)].map(([, state]) => state ?? '');
const pledgesOn = (page: Page): string[] =>
  [...page.html.matchAll(/<section[^>]*aria-labelledby="text-([0-9a-f-]{36})"/g)].map(
    ([, id]) => id ?? '',
  );
const linkOn = (page: Page, pattern: RegExp): string => {
  const href = pattern.exec(page.html)?.[1]?.replaceAll('&amp;', '&') ?? '';
  return new URL(href, page.url).href;
};
const headOf = (page: Page): string => /<h1[^>]*>([^<]*)<\/h1>/.exec(page.html)?.[1] ?? '';

/** From the page that asks for an account over the network's consent to the receipt. */
async function joinFrom(
  browser: PlainBrowser,
  page: Page,
  handle: string,
  fields: Record<string, string> = {},
): Promise<Page> {
  const consent = await browser.submit(page, '/join', fields);
  return browser.get(await decideConsent(consent.url, handle));
}

/** Chooses one's own words for a pledge; gives the page that asks whether to agree to them. */
async function proposeOwn(browser: PlainBrowser, receipt: Page, own: string): Promise<Page> {
  const words = await browser.get(linkOn(receipt, /href="([^"]*\/edit\/[^"]*)"/));
  return browser.submit(words, '/edit/', { wording: 'own', own });
}

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
    account: 'opened',
    followers: 'given',
    state: 'given',
    locale: 'given',
    text: 'given',
    text_hash: 'given',
    scope: 'given',
    policy_version: 'given',
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
    remote_id: 'given',
    url: 'given',
    reason: 'given',
    host: 'given',
    staged: 'given',
  },
  attempt: {
    id: 'not personal',
    delivery_id: 'given',
    campaign_id: 'not personal',
    number: 'given',
    worker: 'not personal',
    sent_at: 'given',
    answered_at: 'given',
    outcome: 'given',
    detail: 'given',
    remote_id: 'given',
    position: 'not personal',
    hash: 'not personal',
  },
  intent: {
    id: 'given',
    campaign_id: 'not personal',
    locale: 'given',
    text_locale: 'given',
    variant: 'given',
    own: 'given',
    typed: 'given',
    browser_hash: 'secret',
    expires_at: 'given',
  },
  oauth_flow: {
    state_hash: 'secret',
    browser_hash: 'secret',
    campaign_id: 'not personal',
    platform: 'given',
    locale: 'given',
    text_locale: 'given',
    text: 'given',
    verifier: 'secret',
    expires_at: 'given',
    used_at: 'given',
    intent_id: 'given',
  },
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

needs('postgres')('a receipt', () => {
  let stage: TestStage;
  let ctx: Context;
  let reef: Reef;
  beforeAll(async () => {
    stage = await startStage({ environment: { X_TIMEOUT_MS: '1500' } });
    ctx = stage.instance.ctx;
    reef = connectReef(ctx);
    await acceptPlatform(ctx, { name: 'reef', asOf: REEF_AS_OF, operator: 'Vera' });
  });

  /** Tables in which any row has this text in any column. */
  async function whereIs(needle: string): Promise<string[]> {
    const { rows } = await sql<{ name: string }>`
      select tablename as name from pg_tables where schemaname = current_schema()`.execute(ctx.db);
    const found: string[] = [];
    for (const { name } of rows) {
      const hit = await sql`select 1 from ${sql.table(name)} t
        where position(${needle} in t::text) > 0 limit 1`.execute(ctx.db);
      if (hit.rows.length > 0) found.push(name);
    }
    return found;
  }

  it('holds the posts of several accounts, and lets each of them go by itself', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const first = await browser.join(campaign.url, 'one_anna', X);
    expect(headOf(first)).toBe('You have joined');
    const account = await browser.submit(first, '/add');
    expect(pathOf(account)).toMatch(/^\/i\//);
    expect(account.text).toContain('#100DaysOfInjustice');
    const receipt = await joinFrom(browser, account, 'two_anna', REEF);
    expect(pathOf(receipt)).toBe(pathOf(first));
    expect(headOf(receipt)).toBe('Your 2 posts');
    expect(statesOn(receipt)).toEqual(['pledged', 'pledged']);
    expect(receipt.text).toContain('one_anna');
    expect(receipt.text).toContain('two_anna');
    expect(receipt.html).toContain('<title>Your receipt</title>');
    expect(receipt.url).not.toContain(campaign.slug);

    const [leaves = '', stays = ''] = pledgesOn(receipt);
    const one = await browser.submit(receipt, '/withdraw', { pledge: leaves });
    expect(statesOn(one)).toEqual(['withdrawn', 'pledged']);
    // Nobody else's can be named.
    const other = await plainBrowser().join(campaign.url, 'other_boris', X);
    const [foreign = ''] = pledgesOn(other);
    expect((await browser.submit(one, '/withdraw', { pledge: foreign })).status).toBe(404);
    expect(statesOn(await browser.get(other.url))).toEqual(['pledged']);
    const none = await browser.submit(one, '/withdraw', { pledge: stays });
    expect(statesOn(none)).toEqual(['withdrawn', 'withdrawn']);
  });

  it('takes a new text once that very text has been agreed to, and not before', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const receipt = await browser.join(campaign.url, 'edits_ada', X);
    const [id = ''] = pledgesOn(receipt);
    const stored = () =>
      ctx.db.selectFrom('pledge').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    const before = await stored();

    const change = await proposeOwn(browser, receipt, `  ${OWN}\r\n`);
    expect(change.status).toBe(200);
    expect(change.html).toContain(`${OWN}</blockquote>`);
    expect(change.text).toContain('edits_ada');
    expect(await stored()).toEqual(before);
    // Another text than the one that was shown is agreed to by nobody.
    const shown = await browser.submit(change, '/agree', { shown: textHash('else') });
    expect(shown.status).toBe(409);
    expect(await stored()).toEqual(before);

    const changed = await browser.submit(change, '/agree');
    expect(changed.text).toContain('Your text is changed.');
    expect(changed.html).toContain(`${OWN}</blockquote>`);
    const after = await stored();
    expect(after).toMatchObject({ text: OWN, text_hash: textHash(OWN), state: 'active' });
    expect(after.consented_at.getTime()).toBeGreaterThan(before.consented_at.getTime());
    // The words page has them again.
    const words = await browser.get(linkOn(changed, /href="([^"]*\/edit\/[^"]*)"/));
    expect(words.html).toContain(`${OWN}</textarea>`);

    const long = await proposeOwn(browser, changed, 'long '.repeat(90));
    expect(long.html).not.toContain('/agree');
    const empty = await proposeOwn(browser, changed, ' ');
    expect(empty.status).toBe(422);
    expect(await stored()).toEqual(after);
  });

  it('changes no text that was signed, none that is withdrawn, and none after the lock', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const receipt = await browser.join(campaign.url, 'fixed_fay', REEF);
    const edit = linkOn(receipt, /href="([^"]*\/edit\/[^"]*)"/);
    const change = await proposeOwn(browser, receipt, OWN);
    reef.toSign = () => ({});
    try {
      const signed = await browser.get(receipt.url);
      expect(signed.text).toContain('You signed this text yourself');
      expect(signed.html).not.toContain('/edit/');
      expect((await browser.get(edit)).text).toContain('This text cannot be changed any more.');
      expect((await browser.submit(change, '/agree')).text).toContain('cannot be changed');
    } finally {
      delete reef.toSign;
    }
    await sql`update campaign set lock_at = now() where id = ${campaign.id}`.execute(ctx.db);
    const late = await browser.submit(change, '/agree');
    expect(late.text).toContain('It is too late for that.');
    expect(late.html).not.toContain(OWN);
    expect(late.html).not.toContain('/edit/');
    expect(late.html).not.toContain('/add"');
  });

  it('is erased before the moment: withdrawn, given back, and nothing is left that names anybody', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const first = await browser.join(campaign.url, 'gone_vera', X);
    const account = await browser.submit(first, '/add');
    const words = await browser.get(linkOn(account, /href="(\/i\/[^"]*\/words[^"]*)"/));
    const own = 'Only Vera from Grozny says this.';
    const again = await browser.submit(words, '/words', { wording: 'own', own });
    const receipt = await joinFrom(browser, again, 'gone_reef', REEF);
    const { rows } = await sql<{ hash: string; receipt: string }>`
      select encode(account_hash, 'hex') as hash, receipt_id::text as receipt from pledge
      where campaign_id = ${campaign.id}`.execute(ctx.db);
    const needles = [own, ...rows.flatMap(({ hash, receipt: id }) => [hash, id])];
    for (const needle of needles) expect(await whereIs(needle)).not.toEqual([]);

    const gone = await browser.submit(receipt, '/erase');
    expect(gone.status).toBe(410);
    expect(headOf(gone)).toBe('Nothing is left');
    for (const needle of needles) expect([needle, await whereIs(needle)]).toEqual([needle, []]);
    const left = await ctx.db
      .selectFrom('pledge')
      .selectAll()
      .where('campaign_id', '=', campaign.id)
      .execute();
    expect(left).toHaveLength(2);
    for (const row of left) {
      expect(row).toMatchObject({ state: 'withdrawn', text: '', account: Buffer.alloc(0) });
    }
    for (const path of ['', '/data.json']) {
      expect((await browser.get(stage.url + pathOf(receipt) + path)).status).toBe(410);
    }
    const live = async () => {
      const found = await sql`select 1 from credential where campaign_id = ${campaign.id}`.execute(
        ctx.db,
      );
      return found.rows.length;
    };
    await waitFor(async () => (await live()) === 0, { what: 'the grants to be given back' });
    const revoked = (await stage.control.record(0, 'revoke')).filter(
      ({ status }) => status === 200,
    );
    const people = new Set(revoked.map(({ handle }) => handle));
    expect(people).toEqual(new Set([...people, 'gone_vera', 'gone_reef']));
    // Nobody remembers that they had joined.
    const back = await plainBrowser().join(campaign.url, 'gone_vera', X);
    expect(statesOn(back)).toEqual(['pledged']);
    expect(pathOf(back)).not.toBe(pathOf(receipt));
  });

  it('reminds by a calendar file, and by mail only where the campaign has switched that on', async () => {
    const plain = await plainBrowser().join((await stage.open()).url, 'no_mail', X);
    expect(plain.html).not.toContain('name="address"');
    const campaign = await stage.open({ document: { reminders: true } });
    const browser = plainBrowser();
    const receipt = await browser.join(campaign.url, 'with_mail', X);
    const calendar = await browser.get(linkOn(receipt, /href="([^"]*\.ics[^"]*)"/));
    expect(calendar.html).toContain('BEGIN:VCALENDAR');
    for (const secret of [campaign.slug, pathOf(receipt), 'Chechnya', '100']) {
      expect(calendar.html.replace(/UID.*|DTSTAMP.*|DTSTART.*/g, '')).not.toContain(`/${secret}`);
    }
    const wrong = await browser.submit(receipt, '/reminder', { address: 'nowhere' });
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain('aria-invalid="true"');
    const asked = await browser.submit(receipt, '/reminder', { address: 'vera@example.org' });
    expect(pathOf(asked)).toBe(pathOf(receipt));
    expect(asked.text).toContain('a mail is on its way');
  });

  it('takes no form from another site, and knows a link that is not ours', async () => {
    const receipt = await plainBrowser().join((await stage.open()).url, 'safe_sam', X);
    for (const action of ['withdraw', 'add', 'reminder', 'erase', 'edit/1', 'edit/1/agree']) {
      const answer = await fetch(`${stage.url}${pathOf(receipt)}/${action}`, {
        method: 'POST',
        headers: { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' },
        body: new URLSearchParams({ own: 'x' }),
        redirect: 'manual',
      });
      expect([action, answer.status]).toEqual([action, 403]);
    }
    const nowhere = await fetch(`${stage.url}/r/${'A'.repeat(43)}/data.json`);
    expect(nowhere.status).toBe(404);
    expect(statesOn(await plainBrowser().get(receipt.url))).toEqual(['pledged']);
  });
});

needs('postgres')('a receipt through the moment', () => {
  let stage: TestStage;
  let ctx: Context;
  let campaign: OpenedCampaign;
  const browser = plainBrowser();
  const receipts = new Map<string, Page>();
  beforeAll(async () => {
    stage = await startStage({ environment: { X_TIMEOUT_MS: '1500' } });
    ctx = stage.instance.ctx;
    campaign = await stage.open({ inMs: 15_000 });
    for (const handle of ['edited', 'doubted']) {
      receipts.set(handle, await plainBrowser().join(campaign.url, handle));
    }
    const change = await proposeOwn(browser, on('edited'), OWN);
    receipts.set('edited', await browser.submit(change, '/agree'));
    await stage.control.fault('doubted', 'posts', 'hangAfterAccept');
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
    const attempts = () =>
      sql<{ remote_id: string | null }>`
      select remote_id from attempt where campaign_id = ${campaign.id}`.execute(ctx.db);
    expect((await attempts()).rows.map((row) => row.remote_id)).toContain(postId);

    expect((await browser.submit(page, '/erase')).status).toBe(410);
    expect((await attempts()).rows.map((row) => row.remote_id)).toEqual(
      (await attempts()).rows.map(() => null),
    );
    const { rows } = await sql`
      select d.remote_id, d.url, d.state, p.state as pledge, p.text, p.erased from delivery d
      join pledge p on p.id = d.pledge_id where d.campaign_id = ${campaign.id}`.execute(ctx.db);
    const nobody = { remote_id: null, url: null, pledge: 'active', text: '', erased: true };
    expect(rows).toEqual([
      { ...nobody, state: 'posted' },
      { ...nobody, state: 'posted' },
    ]);
    expect(await ledger()).toEqual(before);
    expect(await textsOf('edited')).toEqual([OWN]);
    // Nothing but the id of a post can be taken from the ledger, and it cannot be put back.
    for (const change of [{ remote_id: '1' }, { remote_id: null, detail: 'x' }]) {
      const changed = ctx.db.updateTable('attempt').set(change).execute();
      await expect(changed).rejects.toThrow(/appended to, never changed/);
    }
  }, 60_000);
});
