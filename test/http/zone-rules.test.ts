import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { approveCampaign } from '../../src/actions/campaign/approve-campaign.ts';
import { createCampaign } from '../../src/actions/campaign/create-campaign.ts';
import { preflightCampaign } from '../../src/actions/credential/preflight-campaign.ts';
import { createApiKey } from '../../src/actions/operator/operator-access.ts';
import { sendHeartbeat } from '../../src/actions/upkeep/heartbeat.ts';
import { listHolds } from '../../src/store/stop/hold.ts';
import { commandIn } from '../cli/command.ts';
import { needs } from '../support/database.ts';
import { referenceCampaign, startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { writeZones, type ZoneOnFile, zoneFolder } from '../support/zone-files.ts';
import { type Caller, caller } from './api.ts';
import { signedIn } from './operator.ts';

const ZONE = 'Africa/Casablanca';
/** An edition that no other source has: what holds in Casablanca by it, in minutes east of UTC. */
const casablanca = (offset: number): Record<string, ZoneOnFile> => ({ [ZONE]: { offset } });

let made = 0;

needs('postgres')('A1 rules of time zones', () => {
  let stage: TestStage;
  let folder: string;
  let api: Caller;
  beforeAll(async () => {
    folder = await zoneFolder('2031a', casablanca(0));
    stage = await startStage({ environment: { TZDIR: folder } });
    const key = await createApiKey(stage.instance.ctx, { name: 'Vera' });
    api = caller(stage.url, `Bearer ${key}`);
  });

  /** Renews the system's rules, and waits until this instance has seen them and looked at every moment by them. */
  async function renew(version: string | null, offset: number): Promise<void> {
    const before = stage.instance.ctx.zones.current();
    await writeZones(folder, version, casablanca(offset));
    await waitFor(() => stage.instance.ctx.zones.current() !== before, { what: 'new rules' });
    await sendHeartbeat(stage.instance.ctx);
  }

  async function create(): Promise<{ id: string; slug: string }> {
    made += 1;
    const document = {
      ...(await referenceCampaign()),
      slug: `casablanca-${made}`,
      moment: { at: '2031-12-10T11:00', zone: ZONE },
    };
    const { campaign } = await createCampaign(stage.instance.ctx, { document, author: 'Ada' });
    return campaign;
  }

  const approve = (slug: string) =>
    approveCampaign(stage.instance.ctx, { slug, operator: 'somebody else' });
  const held = async (id: string) =>
    (await listHolds(stage.instance.ctx.db)).filter(
      (hold) => hold.scope === 'campaign' && hold.campaignId === id,
    );
  const momentOf = async (slug: string) =>
    (await api.get(`/api/v1/campaigns/${slug}`)).body?.moment as Record<string, unknown> & {
      rules: { doubts: unknown[] };
    };

  it('A1 gives the instant by the newest edition, and says which it is and how old', async () => {
    const { slug } = await create();
    expect(await momentOf(slug)).toMatchObject({
      instant: '2031-12-10T11:00:00.000Z',
      tzdata: '2031a',
      rules: { version: '2031a', age_days: 0, doubts: [] },
    });
    const answer = await api.post(`/api/v1/campaigns/${slug}/approve`, {});
    expect(answer.body?.moment).toMatchObject({ instant: '2031-12-10T11:00:00.000Z' });
  });

  it('A1 holds a campaign whose instant the renewed rules change, and a person moves it', async () => {
    const { id, slug } = await create();
    await approve(slug);
    await renew('2031b', 60);
    expect(await held(id)).toMatchObject([{ kind: 'moment', actor: 'tocsin', until: null }]);
    expect((await held(id))[0]?.reason).toMatch(
      /11:00:00 in Africa\/Casablanca is 2031-12-10T10:00:00Z by the zone rules of system 2031b; the campaign is set for 2031-12-10T11:00:00Z/,
    );
    // Nothing moves by itself, and resuming decides nothing.
    expect((await momentOf(slug)).instant).toBe('2031-12-10T11:00:00.000Z');
    await api.post(`/api/v1/campaigns/${slug}/resume`, {});
    expect(await held(id)).toHaveLength(1);

    const before = await stage.instance.ctx.db
      .selectFrom('campaign')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const moved = await api.post(`/api/v1/campaigns/${slug}/moment`, { decision: 'move' });
    expect(moved.body?.moment).toMatchObject({
      instant: '2031-12-10T10:00:00.000Z',
      tzdata: '2031b',
      at: '2031-12-10T11:00:00',
    });
    expect(await held(id)).toEqual([]);
    const after = await stage.instance.ctx.db
      .selectFrom('campaign')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    for (const column of ['preflight_at', 'lock_at', 'arm_at', 'too_late_at'] as const) {
      expect(before[column].getTime() - after[column].getTime()).toBe(3_600_000);
    }
    expect(
      (await api.post(`/api/v1/campaigns/${slug}/moment`, { decision: 'move' })).body,
    ).toMatchObject({
      status: 409,
      code: 'nothing_to_decide',
    });
  });

  it('A1 does not hold again what a person has kept, until the rules give something else', async () => {
    const { id, slug } = await create();
    await approve(slug);
    await renew('2031c', 0);
    expect(await held(id)).toHaveLength(1);
    const kept = await api.post(`/api/v1/campaigns/${slug}/moment`, { decision: 'keep' });
    expect(kept.body?.moment).toMatchObject({
      instant: '2031-12-10T10:00:00.000Z',
      rules: { doubts: [] },
    });
    await renew('2031d', 0);
    await preflightCampaign(stage.instance.ctx, { campaignId: id });
    expect(await held(id)).toEqual([]);
    await renew('2031e', 120);
    expect(await held(id)).toHaveLength(1);
    const events = await stage.instance.ctx.db
      .selectFrom('campaign_event')
      .select(['action', 'actor'])
      .where('campaign_id', '=', id)
      .orderBy('id')
      .execute();
    expect(events).toEqual([
      { action: 'held', actor: 'tocsin' },
      { action: 'kept', actor: 'key:Vera' },
      { action: 'held', actor: 'tocsin' },
    ]);
  });

  it('A1 approves nothing whose moment is in doubt; the desk decides', async () => {
    const { id, slug } = await create();
    await renew('2031f', 60);
    await expect(approve(slug)).rejects.toMatchObject({ code: 'moment_in_doubt' });
    expect(await held(id)).toHaveLength(1);
    const browser = await signedIn(stage);
    expect((await browser.get(`${stage.url}/ops`)).text).toMatch(
      /UTC \(zone rules 2031f, published on \d{4}-\d{2}-\d{2}, 0 days ago\)/,
    );
    const page = await browser.get(`${stage.url}/ops/campaigns/${slug}`);
    expect(page.text).toMatch(/zone rules 2031f/);
    expect(page.text).toMatch(/Move it to 2031-12-10 10:00 UTC, by system 2031f/);
    expect(page.text).toMatch(/Keep 2031-12-10 09:00 UTC/);
    await browser.submit(page, `/ops/campaigns/${slug}/moment`);
    expect(await held(id)).toEqual([]);
    expect((await approve(slug)).moment.instant.toISOString()).toBe('2031-12-10T10:00:00.000Z');
  });

  it('A1 holds where a source of unknown version differs, and asks which instant is meant', async () => {
    await renew('2031g', 0);
    // Without its version, the system's word counts beside that of the newest known edition.
    await writeFile(join(folder, 'tzdata.zi'), '# no version here\n');
    await waitFor(() => stage.instance.ctx.zones.current().version !== '2031g', {
      what: 'new rules',
    });
    await writeZones(folder, null, casablanca(300));
    await waitFor(() => stage.instance.ctx.zones.current().faults().length > 0, {
      what: 'the fault',
    });
    const { id, slug } = await create();
    const [hold] = await held(id);
    expect(hold?.reason).toMatch(/by the zone rules of system of unknown version/);
    await expect(approve(slug)).rejects.toMatchObject({ code: 'moment_in_doubt' });
    await renew('2031h', 0);
  });

  it('A1 goes on without a source that is damaged, and says so', async () => {
    await renew('2031i', 0);
    const path = join(folder, ZONE);
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, 70));
    await writeFile(join(folder, 'tzdata.zi'), '# version 2031j\n');
    await waitFor(() => stage.instance.ctx.zones.current().version === '2031j', { what: '2031j' });
    const { slug } = await create();
    const { tzdata } = await momentOf(slug);
    expect(tzdata).not.toBe('2031j');
    const faults = stage.instance.ctx.zones.current().faults();
    expect(faults[0]?.what).toMatch(/Africa\/Casablanca is damaged: it is cut short/);
    expect(faults[0]?.mend).toMatch(/tzdata/);
    await renew('2031k', 0);
  });

  it('A1 shows every time by the same rules: pages, desk and command line', async () => {
    await renew('2032a', -210);
    const { slug } = await create();
    await approve(slug);
    const page = await (await fetch(`${stage.url}/c/${slug}?lang=en`)).text();
    // Joining closes two seconds before 11:00 in Casablanca, which is 14:30 in UTC by these rules alone.
    expect(page).toMatch(/10:59/);
    expect(page).toMatch(/datetime="2031-12-10T14:30:00.000Z"/);
    expect(page).toMatch(/data-zones="Africa\/Casablanca"/);
    const command = commandIn({
      DATABASE_URL: stage.instance.ctx.config.databaseUrl?.reveal() ?? '',
      DATA_DIR: stage.instance.ctx.config.dataDir,
      TZDIR: folder,
    });
    const shown = await command('campaign', 'show', slug);
    expect(shown.stdout).toMatch(
      /by zone rules 2032a, published on \d{4}-\d{2}-\d{2}, 0 days ago: 2031-12-10T14:30:00.000Z$/m,
    );
    await renew('2032b', 0);
    const doubt = await command('campaign', 'moment', slug);
    expect(doubt.stdout).toMatch(
      /in doubt: .* 2031-12-10T11:00:00Z by the zone rules of system 2032b/,
    );
    const moved = await command('campaign', 'moment', slug, '--move', '--as', 'Vera', '--json');
    expect(JSON.parse(moved.stdout)).toMatchObject({
      moment: { instant: '2031-12-10T11:00:00.000Z' },
    });
    expect((await command('campaign', 'moment', slug, '--keep', '--move')).code).toBe(2);
  });

  it('A1 lets nobody decide about a campaign of their own where a second person is asked for', async () => {
    const { id, slug } = await create();
    await renew('2032c', 60);
    const { ctx } = stage.instance;
    const { decideMoment } = await import('../../src/actions/campaign/decide-moment.ts');
    const strict = { ...ctx, config: { ...ctx.config, soleOperator: false } };
    await expect(
      decideMoment(strict, { slug, operator: 'ada', decision: 'keep' }),
    ).rejects.toMatchObject({ code: 'second_person' });
    expect(await held(id)).toHaveLength(1);
  });
});
