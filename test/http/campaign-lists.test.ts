import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { createCampaign } from '../../src/actions/campaign/create-campaign.ts';
import { listUnderWay } from '../../src/store/campaign-list.ts';
import type { Db } from '../../src/store/connection/database.ts';
import { commandIn } from '../cli/command.ts';
import { goodCampaign } from '../support/bad-campaigns.ts';
import { sealAsDecided } from '../support/bring-forward.ts';
import { type PlainBrowser, plainBrowser, unescapeHtml } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { insertPledges } from '../support/rows.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { type Caller, keyHolder } from './api.ts';
import { signedIn } from './operator.ts';

/** More than two pages of any list. */
const MANY = 230;

needs('postgres')('lists of campaigns', () => {
  let stage: TestStage;
  let open: OpenedCampaign;
  let operator: PlainBrowser;
  let author: Caller;

  beforeAll(async () => {
    stage = await startStage();
    const { ctx } = stage.instance;
    open = await stage.open();
    await copies('settled', MANY, '-1 day');
    await copies('in_review', MANY, '-2 days');
    await copies('open', MANY, '2 hours');
    const [id = ''] = await copies('settled', 1, '-1 hour');
    await insertPledges(ctx.db, id, 3);
    operator = await signedIn(stage);
    author = await keyHolder(ctx, stage.url, 'author');
  });

  /** As many campaigns like the open one, their moments apart by a second, from `from` on. Gives their ids. */
  async function copies(state: string, count: number, from: string): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID());
    const { db, vault } = stage.instance.ctx;
    await db.transaction().execute(async (tx) => {
      await insertCopies(tx, ids, state, from);
      if (state === 'settled') return;
      for (const id of ids) {
        await vault.createCampaignKeys(tx, id);
        // A sweep holds what has other times than were decided.
        await sealAsDecided({ db: tx, vault }, id);
      }
    });
    return ids;
  }

  async function insertCopies(
    db: Db,
    ids: readonly string[],
    state: string,
    from: string,
  ): Promise<void> {
    await sql`
      insert into campaign (id, slug, state, content, moment, moment_wall, moment_zone, moment_tzdata,
        preflight_at, lock_at, arm_at, too_late_at, created_by)
      select made.id, ${state} || '-' || made.id, ${state}, content, at, moment_wall, moment_zone, moment_tzdata,
        at, at, at, at + interval '2 hours', created_by
      from campaign, unnest(${ids}::uuid[]) with ordinality as made (id, n),
        lateral (select now() + ${from}::interval + made.n * interval '1 second' as at) times
      where campaign.slug = ${open.slug}`.execute(db);
  }

  const slugsOn = (html: string, pattern: RegExp) =>
    [...html.matchAll(pattern)].map(([, slug]) => slug);

  /** Follows the last link that leads to more of a list, and gives the slugs of every page. */
  async function walk(
    browser: PlainBrowser,
    first: string,
    list: string,
    pattern: RegExp,
  ): Promise<(string | undefined)[]> {
    const more = new RegExp(`class="bills-more"><a href="([^"]*list=${list}&amp;after=[^"]*)"`);
    const slugs: (string | undefined)[] = [];
    let url = first;
    for (let page = 0; page < 20; page++) {
      const { html, status } = await browser.get(url);
      expect(status).toBe(200);
      const part = page === 0 ? sectionOf(html, list) : html;
      slugs.push(...slugsOn(part, pattern));
      const next = more.exec(html)?.[1];
      if (next === undefined) return slugs;
      url = new URL(unescapeHtml(next), stage.url).href;
    }
    throw new Error('There is no end of it');
  }

  /** The part of the first page that holds the list. */
  function sectionOf(html: string, list: string): string {
    const id = list === 'coming' && html.includes('id="campaigns"') ? 'campaigns' : list;
    return html.split('<section').find((part) => part.includes(`id="${id}"`)) ?? '';
  }

  const PUBLIC = /href="\/c\/([\w-]+)\?lang=/g;
  const OPS = /data-campaign="([\w-]+)"/g;

  it('A8 show what is to come first, whatever lies behind it', async () => {
    const front = await plainBrowser().get(`${stage.url}/`);
    const ops = await operator.get(`${stage.url}/ops`);
    expect(slugsOn(front.html, PUBLIC)[0]).toBe(open.slug);
    expect(slugsOn(sectionOf(ops.html, 'coming'), OPS)[0]).toBe(open.slug);
    expect(front.html).not.toContain('/c/in_review-');
    // Pages stay of a size that a phone can load.
    expect(front.html.length).toBeLessThan(150_000);
  });

  it('A8 let a new campaign be approved while 230 unapproved ones are past their moment', async () => {
    const { ctx } = stage.instance;
    const slug = 'new-one';
    await createCampaign(ctx, { document: goodCampaign({ slug }), author: 'x' });
    const ops = await operator.get(`${stage.url}/ops`);
    expect(slugsOn(sectionOf(ops.html, 'waiting'), OPS)).toEqual([slug]);
    await operator.submit(ops, `/ops/campaigns/${slug}/approve`);
    const after = await operator.get(`${stage.url}/ops`);
    expect(sectionOf(after.html, 'waiting')).toBe('');
  });

  it('A8 lead to every campaign, page by page, each once', async () => {
    const coming = await walk(plainBrowser(), `${stage.url}/`, 'coming', PUBLIC);
    expect(coming).toHaveLength(MANY + 2);
    expect(new Set(coming).size).toBe(coming.length);
    const past = await walk(plainBrowser(), `${stage.url}/?lang=ar`, 'past', PUBLIC);
    expect(new Set(past).size).toBe(MANY + 1);
    expect(await walk(operator, `${stage.url}/ops`, 'coming', OPS)).toEqual(coming);
    const all = await walk(operator, `${stage.url}/ops`, 'past', OPS);
    expect(all).toHaveLength(2 * MANY + 1);
    expect(new Set(all).size).toBe(all.length);
  });

  it('A8 keep the language of a further page, and tell nothing of what is not public', async () => {
    const first = await plainBrowser('ar').get(`${stage.url}/`);
    const link = unescapeHtml(
      /href="([^"]*list=coming&amp;after=[^"]*)"/.exec(first.html)?.[1] ?? '',
    );
    expect(link).toContain('lang=ar');
    const further = await plainBrowser('en').get(new URL(link, stage.url).href);
    expect(further.html).toContain('<html lang="ar"');
    expect(further.html).toContain(
      `after=${new URL(link, stage.url).searchParams.get('after')}&amp;lang=de`,
    );
    const hidden = await sql<{ slug: string }>`
      select slug from campaign where state = 'in_review' limit 1`.execute(stage.instance.ctx.db);
    for (const after of [hidden.rows[0]?.slug ?? '', 'nowhere', '%00']) {
      const answer = await plainBrowser().get(`${stage.url}/?list=past&after=${after}`);
      expect([after, answer.status]).toEqual([after, 404]);
    }
  });

  it('A8 are paged over the API and on the command line, the same way', async () => {
    const slugs: unknown[] = [];
    let after = '';
    for (let page = 0; page < 20; page++) {
      const answer = await author.get(`/api/v1/campaigns?limit=100${after}`);
      expect(answer.status).toBe(200);
      const { campaigns, next } = answer.body as {
        campaigns: Record<string, unknown>[];
        next: string | null;
      };
      slugs.push(...campaigns.map(({ slug }) => slug));
      if (next === null) break;
      after = `&after=${next}`;
    }
    expect(slugs).toHaveLength(3 * MANY + 3);
    expect(new Set(slugs).size).toBe(slugs.length);

    const past = await author.get('/api/v1/campaigns?list=past&limit=1');
    expect(past.body?.campaigns).toMatchObject([{ state: 'settled', pledges: 3 }]);
    const refused = async (query: string) => (await author.get(`/api/v1/campaigns?${query}`)).body;
    expect(await refused('after=nowhere')).toMatchObject({
      status: 422,
      errors: [{ field: 'after' }],
    });
    const right: [string, string, unknown][] = [
      ['limit=201', 'limit', 'is too large; give 200 at most'],
      ['limit=0', 'limit', 'is too small; give 1 at least'],
      ['limit=many', 'limit', 'is not of the right kind; give a whole number'],
      [
        'list=best',
        'list',
        expect.stringMatching(/^is not one of those there are; give .*waiting.*past/),
      ],
      ['after=a&after=b', 'after', 'is not of the right kind; give a text, given once'],
    ];
    for (const [query, field, message] of right) {
      const answer = await refused(query);
      expect(answer, query).toMatchObject({ status: 400, errors: [{ field, message }] });
      expect(JSON.stringify(answer), query).not.toContain('querystring');
    }

    const command = commandIn({
      DATABASE_URL: stage.instance.ctx.config.databaseUrl?.reveal() ?? '',
      DATA_DIR: stage.instance.ctx.config.dataDir,
      BASE_URL: stage.url,
    });
    const list = (...args: string[]) => command('campaign', 'list', ...args);
    const said = await list('--list', 'coming', '--limit', '100', '--json');
    expect(JSON.parse(said.stdout)).toEqual(
      (await author.get('/api/v1/campaigns?list=coming&limit=100')).body,
    );
    const read = await list('--list', 'coming', '--limit', '1');
    expect(read.stdout.split('\n')[0]).toContain(`${open.slug}: open, pledges 0`);
    expect(read.stdout).toMatch(/^More: .* campaign list --list coming --after campaign-\S+$/m);
    for (const bad of [
      ['--limit', '0'],
      ['--limit', 'many'],
      ['--list', 'best'],
    ]) {
      expect((await list(...bad)).code).toBe(2);
    }
    expect(await list('--after', 'nowhere')).toMatchObject({ code: 1 });
  });

  it('A8 are swept whole: every campaign whose moment has come goes on', async () => {
    const { ctx } = stage.instance;
    const ids = await copies('locked', MANY, '-10 minutes');
    expect((await listUnderWay(ctx.db)).length).toBeGreaterThan(MANY);
    await waitFor(
      async () => {
        const { rows } = await sql<{ left: number }>`
          select count(*)::int as left from campaign
          where id = any(${ids}::uuid[]) and state <> 'settled'`.execute(ctx.db);
        return rows[0]?.left === 0;
      },
      { timeoutMs: 60_000, what: 'all of them to settle' },
    );
  });
});
