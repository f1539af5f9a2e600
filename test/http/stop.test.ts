import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { createCampaign } from '../../src/actions/campaign/create-campaign.ts';
import { goodCampaign } from '../support/bad-campaigns.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { type Caller, caller, keyHolder, type ProblemBody } from './api.ts';
import { openEvents } from './events.ts';
import { cookieHeader, signedIn } from './operator.ts';

needs('postgres')('stopping from outside', () => {
  let stage: TestStage;
  let api: Caller;
  beforeAll(async () => {
    stage = await startStage();
    api = await keyHolder(stage.instance.ctx, stage.url, 'press');
  });

  async function holds(): Promise<unknown[]> {
    const answer = await api.get('/api/v1/holds');
    expect(answer.status).toBe(200);
    return (answer.body as { holds: unknown[] }).holds;
  }

  async function rows(table: 'campaign_event' | 'audit_entry', where: string, of: string) {
    const { rows: found } = await sql<Record<string, string>>`select * from ${sql.table(table)}
      where ${sql.ref(where)}::text = ${of} order by id`.execute(stage.instance.ctx.db);
    return found;
  }

  async function stateOf(slug: string): Promise<string> {
    const answer = await api.get(`/api/v1/campaigns/${slug}`);
    return String(answer.body?.state);
  }

  it('pauses and resumes by the API, says who, and does nothing twice', async () => {
    const campaign = await stage.open();
    const base = `/api/v1/campaigns/${campaign.slug}`;
    const hold = {
      scope: 'campaign',
      subject: campaign.slug,
      kind: 'paused',
      who: 'key:press',
      since: expect.stringMatching(/^\d{4}-.*Z$/),
      until: null,
      reason: 'wrong link',
    };
    const paused = await api.post(`${base}/pause`, { reason: 'wrong link' });
    expect(paused).toMatchObject({ status: 200, body: { changed: true, holds: [hold] } });
    expect(await holds()).toEqual([hold]);
    expect((await api.get(`${base}/delivery`)).body).toMatchObject({ holds: [hold] });
    const again = await api.post(`${base}/pause`);
    expect(again).toMatchObject({ status: 200, body: { changed: false, holds: [hold] } });
    const resumed = await api.post(`${base}/resume`);
    expect(resumed).toMatchObject({ status: 200, body: { changed: true, holds: [] } });
    expect((await api.post(`${base}/resume`)).body).toEqual({ changed: false, holds: [] });
    expect(await holds()).toEqual([]);
    const noted = await rows('campaign_event', 'campaign_id', campaign.id);
    expect(noted.map((row) => [row.action, row.actor, row.detail])).toEqual([
      ['paused', 'key:press', 'wrong link'],
      ['resumed', 'key:press', ''],
    ]);
    const audited = await rows('audit_entry', 'subject', campaign.slug);
    expect(audited.map((row) => row.action).slice(-2)).toEqual([
      'campaign.pause',
      'campaign.resume',
    ]);
  });

  it.each([
    ['a line break', 'why\nheld: by mallory', 422],
    ['another kind of it', 'why\u2028held', 422],
    ['an escape', 'why \u001b[2J', 422],
    ['blanks only', ' \u00a0 ', 422],
    ['too much', 'a'.repeat(201), 422],
    ['blanks around it', '  why  ', 200],
  ])('takes one line for a reason, at every door: %s', async (_what, reason, status) => {
    const campaign = await stage.open();
    const cookie = cookieHeader(await signedIn(stage));
    const atDesk = async (verb: string) =>
      fetch(`${stage.url}/ops/campaigns/${campaign.slug}/${verb}`, {
        ...{ method: 'POST', redirect: 'manual', headers: { cookie } },
        body: new URLSearchParams({ reason, confirm: campaign.slug }),
      });
    const isRight = status === 200;
    for (const verb of ['pause', 'resume']) {
      expect((await atDesk(verb)).status, verb).toBe(isRight ? 303 : status);
    }
    for (const verb of ['pause', 'resume', 'abort']) {
      const order = { reason, ...(verb === 'abort' && { confirm: campaign.slug }) };
      const answer = await api.post(`/api/v1/campaigns/${campaign.slug}/${verb}`, order);
      expect(answer.status, verb).toBe(status);
      if (!isRight) expect(answer.body).toMatchObject({ errors: [{ field: 'reason' }] });
    }
    const noted = await rows('campaign_event', 'campaign_id', campaign.id);
    expect(noted.map((row) => row.detail)).toEqual(isRight ? Array(5).fill('why') : []);
  });

  it('pauses a platform and the instance, in the ledger of every campaign under way', async () => {
    const campaign = await stage.open();
    for (const base of ['/api/v1/platforms/x', '/api/v1/instance']) {
      expect((await api.post(`${base}/pause`)).body).toMatchObject({ changed: true });
    }
    expect(await holds()).toMatchObject([
      { scope: 'platform', subject: 'x' },
      { scope: 'instance', subject: 'instance' },
    ]);
    // What is resumed may still be held by something wider.
    const resumed = await api.post('/api/v1/platforms/x/resume');
    expect(resumed.body).toMatchObject({ changed: true, holds: [{ scope: 'instance' }] });
    expect((await api.post('/api/v1/instance/resume')).body).toEqual({ changed: true, holds: [] });
    const noted = await rows('campaign_event', 'campaign_id', campaign.id);
    expect(noted.map((row) => `${row.scope} ${row.action} ${row.platform ?? ''}`)).toEqual([
      'platform paused x',
      'instance paused ',
      'platform resumed x',
      'instance resumed ',
    ]);
  });

  it('lifts what broke by itself, and leaves a wait that the platform asked for', async () => {
    const { db } = stage.instance.ctx;
    await sql`insert into hold (scope, platform, kind, actor, reason, until) values
      ('platform', 'x', 'broken', 'tocsin', '402', null),
      ('platform', 'x', 'throttled', 'tocsin', '', now() + interval '1 hour')`.execute(db);
    const resumed = await api.post('/api/v1/platforms/x/resume');
    expect(resumed.body).toMatchObject({ changed: true, holds: [{ kind: 'throttled' }] });
    expect((await api.post('/api/v1/platforms/x/resume')).body).toMatchObject({ changed: false });
    await sql`delete from hold`.execute(db);
  });

  it('aborts only what is named once more, exactly', async () => {
    const campaign = await stage.open();
    const path = `/api/v1/campaigns/${campaign.slug}/abort`;
    for (const body of [undefined, {}, { confirm: 'instance' }, { confirm: 7 }]) {
      const refused = await api.post(path, body);
      expect(refused.status).toBe(422);
      expect(refused.type).toMatch(/^application\/problem\+json/);
      const { errors } = refused.body as unknown as ProblemBody;
      expect(errors?.map(({ field }) => field)).toEqual(['confirm']);
    }
    const wrong = await api.post(path, { confirm: 'instance' });
    expect((wrong.body as unknown as ProblemBody).detail).toContain(`"${campaign.slug}"`);
    for (const [base, confirm] of [
      ['platforms/x', 'X'],
      ['instance', campaign.slug],
    ]) {
      expect((await api.post(`/api/v1/${base}/abort`, { confirm })).status).toBe(422);
    }
    expect(await stateOf(campaign.slug)).toBe('open');
    expect(await holds()).toEqual([]);
    expect(await rows('campaign_event', 'campaign_id', campaign.id)).toEqual([]);
  });

  it('calls an open campaign off: the grants go back, and the receipt says why', async () => {
    const campaign = await stage.open();
    const receipt = await plainBrowser().join(campaign.url, 'stopped_ada');
    const done = await api.post(`/api/v1/campaigns/${campaign.slug}/abort`, {
      confirm: campaign.slug,
      reason: 'a mistake',
    });
    expect(done.body).toEqual({ changed: true, campaigns: [campaign.slug], dropped: 0, holds: [] });
    expect(await stateOf(campaign.slug)).toBe('cancelled');
    const page = await plainBrowser().get(receipt.url);
    expect(page.html).toContain('data-state="dropped"');
    expect(page.text).toContain('The organisers stopped the campaign');
    expect(page.html).not.toContain('/withdraw');
    await waitFor(
      async () => {
        const revoked = await stage.control.record(0, 'revoke');
        return revoked.some((entry) => entry.handle === 'stopped_ada' && entry.status === 200);
      },
      { what: 'the grant to be revoked' },
    );
    const again = await api.post(`/api/v1/campaigns/${campaign.slug}/abort`, {
      confirm: campaign.slug,
    });
    expect(again).toMatchObject({ status: 200, body: { changed: false, campaigns: [] } });
    const pause = await api.post(`/api/v1/campaigns/${campaign.slug}/pause`);
    expect(pause).toMatchObject({ status: 409, body: { code: 'nothing_to_stop' } });
  });

  it('knows what there is, and who may', async () => {
    const unknown = await api.post('/api/v1/platforms/y/pause');
    expect(unknown).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await api.post('/api/v1/campaigns/nowhere/pause')).status).toBe(404);
    const long = await api.post('/api/v1/instance/pause', { reason: 'x'.repeat(201) });
    expect(long).toMatchObject({ status: 422, body: { errors: [{ field: 'reason' }] } });
    const odd = await api.post('/api/v1/instance/pause', { because: 'x' });
    expect(odd).toMatchObject({ status: 422, body: { errors: [{ field: 'because' }] } });
    expect((await api.post('/api/v1/instance/pause', [])).status).toBe(422);
    const form = await api.post('/api/v1/instance/pause', 'reason=x', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(form.status).toBe(415);
    const stranger = caller(stage.url, null);
    expect((await stranger.get('/api/v1/holds')).status).toBe(401);
    for (const path of ['campaigns/x/abort', 'platforms/x/pause', 'instance/abort']) {
      expect((await stranger.post(`/api/v1/${path}`, { confirm: 'x' })).status).toBe(401);
    }
    expect(await holds()).toEqual([]);
  });

  it('is done from the pages, with no script, and shown there', async () => {
    const campaign = await stage.open();
    const browser = await signedIn(stage, 'Vera');
    const url = `${stage.url}/ops/campaigns/${campaign.slug}`;
    const held = await browser.submit(await browser.get(url), `${campaign.slug}/pause`);
    expect(held.url).toBe(url);
    expect(held.text).toContain(`Paused: campaign ${campaign.slug} By Vera, since`);
    const home = await browser.submit(await browser.get(`${stage.url}/ops`), '/instance/pause');
    expect(home.text).toContain('Paused: the whole instance By Vera');
    expect((await browser.get(url)).text).toContain('Paused: the whole instance');
    await browser.submit(home, '/instance/resume');
    expect((await browser.submit(held, `${campaign.slug}/resume`)).html).not.toContain('data-hold');
    const wrong = await browser.submit(held, `${campaign.slug}/abort`, { confirm: 'no' });
    expect(wrong.status).toBe(422);
    expect(wrong.html).toMatch(/role="alert">confirm: /);
    expect(await stateOf(campaign.slug)).toBe('open');
    const over = await browser.submit(held, `${campaign.slug}/abort`, { confirm: campaign.slug });
    expect(over.status).toBe(200);
    expect(over.html).toContain('data-campaign-state="cancelled"');
    expect(over.html).not.toContain('/abort"');
    const late = await browser.submit(held, `${campaign.slug}/pause`);
    expect(late.status).toBe(409);
    expect(late.text).toContain('there is nothing to pause');
  });

  it('takes no form from elsewhere and none without a session', async () => {
    const campaign = await stage.open();
    const cookie = cookieHeader(await signedIn(stage));
    const foreign = { cookie, 'sec-fetch-site': 'cross-site' };
    for (const path of [
      `campaigns/${campaign.slug}/pause`,
      'platforms/x/pause',
      'instance/pause',
    ]) {
      const send = async (headers: Record<string, string>) =>
        (await fetch(`${stage.url}/ops/${path}`, { method: 'POST', headers, redirect: 'manual' }))
          .status;
      expect([path, await send(foreign), await send({})]).toEqual([path, 403, 401]);
    }
    expect(await holds()).toEqual([]);
  });

  it('shows on a page that is open what somebody else holds', async () => {
    const campaign = await stage.open();
    const cookie = cookieHeader(await signedIn(stage));
    const url = `${stage.url}/ops/campaigns/${campaign.slug}/events`;
    const events = await openEvents(url, cookie);
    await waitFor(() => events.seen.length > 0, { what: 'the first figures' });
    await api.post(`/api/v1/campaigns/${campaign.slug}/pause`);
    await waitFor(() => events.seen.at(-1)?.data.includes('data-hold="paused"'), {
      what: 'the hold to be shown',
    });
    await api.post(`/api/v1/campaigns/${campaign.slug}/resume`);
    await waitFor(() => !events.seen.at(-1)?.data.includes('data-hold='), {
      what: 'the hold to be gone',
    });
    expect(events.ended).toBe(false);
    events.close();
  });

  it('calls off one that waits for approval, which cannot be paused', async () => {
    const document = goodCampaign({ slug: 'not-yet' });
    await createCampaign(stage.instance.ctx, { document, author: 'somebody' });
    expect((await api.post('/api/v1/campaigns/not-yet/pause')).status).toBe(409);
    const done = await api.post('/api/v1/campaigns/not-yet/abort', { confirm: 'not-yet' });
    expect(done.body).toMatchObject({ changed: true, campaigns: ['not-yet'] });
    expect(await stateOf('not-yet')).toBe('cancelled');
  });
});
