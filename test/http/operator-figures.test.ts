import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import type { DeliveryState } from '../../src/domain/delivery.ts';
import { allRoutes } from '../../src/http/routes.ts';
import { sealPosts } from '../../src/store/vault/sealed-post.ts';
import { type PlainBrowser, plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { type Caller, keyHolder } from './api.ts';
import { openEvents } from './events.ts';
import { cookieHeader, signedIn } from './operator.ts';

/** What the ids of the posts begin with. */
const POST = '88001122';
const HANDLES = ['canary_anna', 'canary_boris', 'canary_chloe'];

needs('postgres')('the figures of a delivery', () => {
  let stage: TestStage;
  let operator: PlainBrowser;
  let api: Caller;
  let campaign: OpenedCampaign;
  let accounts: { id: string; handle: string }[];
  beforeAll(async () => {
    stage = await startStage();
    operator = await signedIn(stage);
    api = await keyHolder(stage.instance.ctx, stage.url, 'integrator');
    accounts = await stage.control.createAccounts({
      accounts: HANDLES.map((handle) => ({ handle })),
    });
    campaign = await stage.open();
    for (const handle of HANDLES) {
      const receipt = await plainBrowser().join(campaign.url, handle);
      // What is looked for below can be found where it may be.
      expect(receipt.text).toContain(handle);
    }
    await deliver(['posted', 'posted', 'refused']);
  });

  /** Deliveries that have ended like this, as the workers would have left them. */
  async function deliver(states: readonly DeliveryState[]): Promise<void> {
    const { db, vault } = stage.instance.ctx;
    await sql`update campaign set state = 'settled' where id = ${campaign.id}`.execute(db);
    const pledges = await db
      .selectFrom('pledge')
      .select('id')
      .where('campaign_id', '=', campaign.id)
      .execute();
    for (const [index, state] of states.entries()) {
      const posted = state === 'posted';
      const id = randomUUID();
      const post = posted
        ? { id: `${POST}${index}`, url: `https://x.com/i/web/status/${POST}` }
        : null;
      const [sealed] = await sealPosts(vault, db, [
        { id, campaignId: campaign.id, platform: 'x', post },
      ]);
      await sql`insert into delivery
        (id, pledge_id, campaign_id, platform, state, due_at, sent_at, settled_at, sealed, reason)
        select ${id}, ${pledges[index]?.id}, c.id, 'x', ${state}, c.moment,
          ${posted ? sql`c.moment + ${12.5 + index} * interval '1 millisecond'` : null}, now(),
          ${sealed ?? null}, ${posted ? null : 'suspended'}
        from campaign c where c.id = ${campaign.id}`.execute(db);
    }
  }

  it('are those of the records, on the page and over the API', async () => {
    const page = await operator.get(`${stage.url}/ops/campaigns/${campaign.slug}`);
    expect(page.status).toBe(200);
    const totals = await sql<{ state: string; count: number }>`
      select state, count(*)::int as count from delivery
      where campaign_id = ${campaign.id} group by state`.execute(stage.instance.ctx.db);
    const recorded = Object.fromEntries(totals.rows.map(({ state, count }) => [state, count]));
    expect(recorded).toEqual({ posted: 2, refused: 1 });
    const shown = [...page.html.matchAll(/data-total="(\w+)" data-value="(\d+)"/g)];
    expect(shown.length).toBeGreaterThanOrEqual(9);
    for (const [, state = '', value] of shown) {
      expect([state, Number(value)]).toEqual([state, recorded[state] ?? 0]);
    }
    expect(page.html).toContain('data-pledges="3"');
    expect(page.html).toContain('data-reason="suspended" data-value="1"');
    const late = { first: 12.5, p50: 12.5, p99: 13.5, max: 13.5 };
    for (const [key, value] of Object.entries(late)) {
      expect(page.html).toContain(`data-lateness="${key}" data-value="${value}"`);
    }

    const answer = await api.get(`/api/v1/campaigns/${campaign.slug}/delivery`);
    expect(answer.body).toMatchObject({
      state: 'settled',
      pledges: 3,
      totals: { posted: 2, refused: 1, pending: 0 },
      lateness_ms: late,
      reasons: [{ reason: 'suspended', count: 1 }],
    });
  });

  it('name no supporter, on no route of operators or integrators', async () => {
    const answers: string[] = [];
    let streams = 0;
    for (const { method, url: path } of allRoutes(stage.instance.ctx)) {
      if (method !== 'GET' || !/^\/(?:ops|api)\b/.test(path)) continue;
      const here = path.replace(':slug', campaign.slug).replace(':token', 'x');
      const url = stage.url + here;
      if (path.endsWith('/events')) {
        const events = await openEvents(url, cookieHeader(operator));
        await waitFor(() => events.seen.length > 0);
        answers.push(events.seen[0]?.data ?? '');
        events.close();
        streams += 1;
        continue;
      }
      const page = await operator.get(url);
      const answer = await api.get(here);
      answers.push(page.html, answer.text);
    }
    answers.push((await api.post(`/api/v1/campaigns/${campaign.slug}/approve`)).text);
    answers.push((await api.get('/api/openapi.json')).text);
    answers.push((await api.get('/api/v1/campaigns')).text);
    answers.push((await api.get(`/api/v1/campaigns/${campaign.slug}/pledges`)).text);
    answers.push((await api.get(`/api/v1/campaigns/${campaign.slug}/supporters`)).text);
    expect(streams).toBe(1);
    expect(answers.length).toBeGreaterThan(10);
    expect(answers.some((text) => text.includes('data-total'))).toBe(true);
    const pledges = await sql<{ id: string }>`select id from pledge`.execute(stage.instance.ctx.db);
    const accountIds = accounts.map(({ id }) => id);
    const secrets = [...HANDLES, ...accountIds, ...pledges.rows.map((p) => p.id), POST];
    expect(secrets).toHaveLength(10);
    for (const text of answers) {
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });
});
