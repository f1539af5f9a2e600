import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { MAX_FOLLOWERS } from '../../src/domain/public-count.ts';
import { openPledge, type PledgeContent } from '../../src/store/vault/sealed-pledge.ts';
import { sealAsDecided } from '../support/bring-forward.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { type Caller, keyHolder } from './api.ts';
import { signedIn } from './operator.ts';

const SMALL = 110;
const LARGE = 4_200_000;
const TOKEN = 'a-token-for-metrics-0123456789abcdef';

/** What comes where two texts begin to differ; '' where they do not. */
function difference(one = '', other = ''): string {
  const at = [...one].findIndex((character, index) => character !== other[index]);
  const from = at < 0 && one.length !== other.length ? one.length : at;
  return from < 0
    ? ''
    : `${one.slice(from - 40, from + 80)} <> ${other.slice(from - 40, from + 80)}`;
}

needs('postgres')('the reach of a campaign', () => {
  let stage: TestStage;
  let api: Caller;
  /** Two campaigns that differ in one who joins: of the one many people follow, of the other nobody. */
  let famous: OpenedCampaign;
  let quiet: OpenedCampaign;

  beforeAll(async () => {
    stage = await startStage({ environment: { METRICS_TOKEN: TOKEN } });
    api = await keyHolder(stage.instance.ctx, stage.url, 'integrator');
    const followed = (handle: string, followers: number) => ({ handle, followers });
    const names = Array.from({ length: 12 }, (_, n) => `small_${n}`);
    await stage.control.createAccounts({
      accounts: [
        ...names.map((name) => followed(name, SMALL)),
        followed('star', LARGE),
        followed('nobody', 0),
        followed('leaves', 9_900),
      ],
    });
    // Two hours ahead, pages do not load themselves again yet.
    famous = await stage.open({ inMs: 2 * 3_600_000 });
    quiet = await stage.open({ inMs: 2 * 3_600_000 });
    // The count of a campaign that is open for a moment only is published every second.
    await sql`update campaign set opened_at = lock_at`.execute(stage.instance.ctx.db);
    for (const campaign of [famous, quiet]) {
      for (const name of names) await plainBrowser().join(campaign.url, name);
    }
  });

  /** What each door says of a campaign, without what differs by itself. */
  async function doors(campaign: OpenedCampaign): Promise<Record<string, string>> {
    const operator = await signedIn(stage);
    const path = `/c/${campaign.slug}`;
    const read = async (url: string, headers: Record<string, string> = {}) => {
      const answer = await fetch(new URL(url, stage.url), { headers });
      expect([url, answer.status]).toEqual([url, 200]);
      return Buffer.from(await answer.arrayBuffer()).toString('latin1');
    };
    const address = encodeURIComponent(`${stage.url}${path}`);
    const said: Record<string, string> = {
      page: await read(path),
      'page, ar': await read(`${path}?lang=ar`),
      widget: await read(`${path}/widget`),
      share: await read(`${path}/share`),
      card: await read(`${path}/card-en.png`),
      oembed: await read(`/oembed?url=${address}`),
      desk: (await operator.get(`${stage.url}/ops${path.replace('/c/', '/campaigns/')}`)).text,
      api: (await api.get(`/api/v1/campaigns/${campaign.slug}`)).text,
      delivery: (await api.get(`/api/v1/campaigns/${campaign.slug}/delivery`)).text,
      // Those of the process have a line more now and then, such as for another kind of garbage collection.
      metrics: (await read('/metrics', { authorization: `Bearer ${TOKEN}` }))
        .split('\n')
        .filter((line) => /^tocsin_(campaigns|deliveries|holds)\b/.test(line))
        .join('\n'),
    };
    const neutral = (text: string) =>
      text
        .replaceAll(campaign.slug, 'SLUG')
        .replaceAll(/(\/|%2F)(join|at|s)(\/|%2F)[\w-]+/g, 'CODE')
        .replaceAll(/ d="[^"]*"/g, ' d="QR"')
        .replaceAll(/\d\d:\d\d(:\d\d(\.\d+)?)?/g, 'TIME')
        .replaceAll(/[+−-]?[\d.-]+ ?(ms|s ago|seconds)/g, 'AGE')
        .replaceAll(/\d{4}-\d\d-\d\dT[\w:.]+/g, 'INSTANT')
        .replaceAll(/tocsin_worker_clock_offset_seconds\{.*/g, '')
        .replaceAll(/\d+ days ago/g, 'AGE');
    return Object.fromEntries(Object.entries(said).map(([door, text]) => [door, neutral(text)]));
  }

  it('A6 no door tells, before the moment, whether an account that many people follow has joined', async () => {
    // The cards of both are drawn with the same moment.
    const { ctx } = stage.instance;
    await ctx.db.transaction().execute(async (db) => {
      await sql`update campaign set moment = other.moment, moment_wall = other.moment_wall, lock_at = other.lock_at
        from campaign other where other.id = ${famous.id} and campaign.id = ${quiet.id}`.execute(
        db,
      );
      await sealAsDecided({ db, vault: ctx.vault }, quiet.id);
    });
    await plainBrowser().join(famous.url, 'star');
    await plainBrowser().join(quiet.url, 'nobody');
    // Figures on the page are kept for a moment; both are read when it shows the tenth.
    for (const { slug } of [famous, quiet]) {
      const shows = async () => (await plainBrowser().get(`${stage.url}/c/${slug}`)).text;
      await waitFor(async () => /10 people/.test(await shows()), {
        what: 'the figures of the page',
      });
    }
    const [with4200000, with0] = [await doors(famous), await doors(quiet)];
    for (const door of Object.keys(with0)) {
      if (door === 'card') continue;
      expect({ door, differs: difference(with4200000[door], with0[door]) }).toEqual({
        door,
        differs: '',
      });
      expect(with0[door]).not.toMatch(/4,?200,?000|follow(s|ed)? (them|those)/);
    }
    expect(with4200000.card).toBe(with0.card);
  });

  it('A6 no number of followers stands in clear in the database', async () => {
    const { db } = stage.instance.ctx;
    const { rows: columns } = await sql<{ name: string }>`
      select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = current_schema() and column_name ~ 'follow'`.execute(db);
    expect(columns).toEqual([]);
    const { rows: tables } = await sql<{ name: string }>`
      select tablename as name from pg_tables where schemaname = current_schema()`.execute(db);
    for (const { name } of tables) {
      const { rows } = await sql<{ row: string }>`
        select t::text as row from ${sql.table(name)} t`.execute(db);
      for (const { row } of rows) {
        expect([name, /\b(4200000|10000|110|9900)\b/.exec(row)?.[0]]).toEqual([name, undefined]);
      }
    }
    const { rows: sums } = await sql<{ reach: number | null }>`
      select reach from campaign`.execute(db);
    expect(sums.map(({ reach }) => reach)).toEqual([null, null]);
  });

  it('A6 it is sealed with the pledge, capped, and told to nobody but its owner', async () => {
    const contents = await opened(famous);
    expect(contents.map(({ followers }) => followers).sort()).toEqual(
      [...Array<number>(12).fill(SMALL), MAX_FOLLOWERS].sort(),
    );
  });

  async function opened(campaign: OpenedCampaign): Promise<PledgeContent[]> {
    const { ctx } = stage.instance;
    const { rows } = await sql<Parameters<typeof openPledge>[2]>`
      select id, campaign_id as "campaignId", platform, consented_at as "consentedAt", sealed from pledge
      where campaign_id = ${campaign.id}`.execute(ctx.db);
    return Promise.all(rows.map((row) => openPledge(ctx.vault, ctx.db, row)));
  }

  it('A6 it stands beside the result, without those who withdrew', async () => {
    const browser = plainBrowser();
    const receipt = await browser.join(famous.url, 'leaves');
    await browser.submit(receipt, '/withdraw');
    await stage.bringForward(famous);
    const page = await waitFor(
      async () => {
        const { html } = await plainBrowser().get(famous.url);
        return html.includes('data-reach') && html;
      },
      { timeoutMs: 60_000, what: 'the reach' },
    );
    // Twelve times 110, and one that is capped: 11,320.
    expect(page).toContain('At least 11,000 people follow those who took part.');
    const { rows } = await sql<{ reach: number | null }>`
      select reach from campaign where id = ${famous.id}`.execute(stage.instance.ctx.db);
    expect(rows).toEqual([{ reach: 11_000 }]);
  });
});
