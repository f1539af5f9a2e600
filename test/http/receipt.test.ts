import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { acceptPlatform } from '../../src/actions/platform/accept-platform.ts';
import { openPledgeContent } from '../../src/actions/pledge/receipt-access.ts';
import type { Context } from '../../src/context.ts';
import { textHash } from '../../src/domain/consent.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { connectReef, REEF_AS_OF, type Reef } from '../support/reef.ts';
import { startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

import { headOf, joinFrom, linkTo, pathOf, pledgesOn, proposeOwn, statesOn } from './on-page.ts';

const X = { platform: 'x' };
const REEF = { platform: 'reef', where_reef: 'atoll.example' };
const OWN = 'In my own words: open the doors.\n\nNow.';

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
    expect(after.state).toBe('active');
    expect(await openPledgeContent(ctx, after)).toMatchObject({
      text: OWN,
      textHash: textHash(OWN),
    });
    expect(after.consented_at.getTime()).toBeGreaterThan(before.consented_at.getTime());
    // The words page has them again.
    const words = await browser.get(linkTo(changed, '/edit/'));
    expect(words.html).toContain(`${OWN}</textarea>`);

    const long = await proposeOwn(browser, changed, 'long '.repeat(90));
    expect(long.html).not.toContain('/agree');
    const empty = await proposeOwn(browser, changed, ' ');
    expect(empty.status).toBe(422);
    expect(await stored()).toEqual(after);
  });

  it('A4 leaves no words when it is withdrawn, neither those of a second joining nor of a way that was left', async () => {
    const campaign = await stage.open();
    const kept = async (): Promise<number> => {
      const { rows } = await sql<{ count: number }>`
        select (select count(*) from intent where campaign_id = ${campaign.id})::int
          + (select count(*) from oauth_flow where campaign_id = ${campaign.id})::int as count`.execute(
        ctx.db,
      );
      return rows[0]?.count ?? -1;
    };
    const browser = plainBrowser();
    // On the way to one network, and then to another with the same words.
    const left = await browser.chooseWords(campaign.url);
    await browser.submit(left, '/join', REEF);
    await joinFrom(browser, left, 'twice_anna', X);
    // The same account again, from the campaign's page.
    const receipt = await joinFrom(
      browser,
      await browser.chooseWords(campaign.url),
      'twice_anna',
      X,
    );
    expect(statesOn(receipt)).toEqual(['pledged']);
    expect(await kept()).toBeGreaterThan(0);

    const withdrawn = await browser.submit(receipt, '/withdraw');
    expect(statesOn(withdrawn)).toEqual(['withdrawn']);
    expect(await kept()).toBe(0);
  });

  it('changes no text that was signed, none that is withdrawn, and none after the lock', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const receipt = await browser.join(campaign.url, 'fixed_fay', REEF);
    const edit = linkTo(receipt, '/edit/');
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
    const words = await browser.get(linkTo(account, '/words'));
    const own = 'Only Vera from Grozny says this.';
    const again = await browser.submit(words, '/words', { wording: 'own', own });
    const receipt = await joinFrom(browser, again, 'gone_reef', REEF);
    const { rows } = await sql<{ hash: string; receipt: string }>`
      select encode(account_hash, 'hex') as hash, receipt_id::text as receipt from pledge
      where campaign_id = ${campaign.id}`.execute(ctx.db);
    const needles = [own, ...rows.flatMap(({ hash, receipt: id }) => [hash, id])];
    for (const needle of needles.slice(1)) expect(await whereIs(needle)).not.toEqual([]);

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
      expect(row).toMatchObject({ state: 'withdrawn', sealed: Buffer.alloc(0) });
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
    const calendar = await browser.get(linkTo(receipt, '.ics'));
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
