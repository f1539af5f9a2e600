import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { sealGrant } from '../../../../src/actions/credential/credential-access.ts';
import { prepareShard } from '../../../../src/actions/delivery/burst/prepare-shard.ts';
import { checkReadiness } from '../../../../src/actions/health/check-readiness.ts';
import type { Context } from '../../../../src/context.ts';
import { textHash as hashOf } from '../../../../src/domain/consent.ts';
import type { Platform, PostOrder, Staged } from '../../../../src/platforms/platform.ts';
import { findCampaign } from '../../../../src/store/campaign.ts';
import { armShard } from '../../../../src/store/delivery.ts';
import { sealPledge } from '../../../../src/store/vault/sealed-pledge.ts';
import { type Armed, AT_ONCE, armedShard, leaseAgain } from '../../../support/armed.ts';
import { type BurstStage, startBurstStage } from '../../../support/burst-stage.ts';
import { needs } from '../../../support/database.ts';

const EXPIRES = new Date('2031-01-01T00:00:00Z');

interface Row {
  pledge_id: string;
  state: string;
  reason: string | null;
  sealed_stage: Buffer | null;
  shard_id: string | null;
  due_in: number | null;
}

needs('postgres')('preparing a shard', () => {
  let whole: BurstStage;
  let stage: BurstStage;
  let ctx: Context;
  let orders: PostOrder[];
  let logged: unknown[][];
  beforeAll(async () => {
    whole = await startBurstStage();
  });
  beforeEach(async () => {
    logged = [];
    const error = (...words: unknown[]): void => void logged.push(words);
    stage = await whole.anew({ log: Object.assign(Object.create(whole.ctx.log), { error }) });
    ctx = stage.ctx;
    orders = [];
  });

  /** X, but for where posts go, which is by handle, and with what is to be sent kept here. */
  function platformWith(change: Partial<Platform> = {}): Platform {
    const x = ctx.platforms.get('x');
    if (!x) throw new Error('There is no platform x');
    return {
      ...x,
      hostOf: ({ handle }) => (handle === 'moved' ? 'other.example' : 'api.x.example'),
      prepare: (order) => {
        orders.push(order);
        return async () => ({ kind: 'posted', id: order.postKey, url: null });
      },
      ...change,
    };
  }

  /** A shard of people with accounts and grants as joining seals them; the handles are those given. */
  async function shardOf(handles: readonly string[]): Promise<Armed> {
    const armed = await armedShard(ctx, handles.length);
    const base = { campaignId: armed.campaignId, platform: 'x' };
    for (const [i, { pledgeId }] of armed.armed.entries()) {
      const handle = handles[i] ?? '';
      await promise(pledgeId, { ...base, handle, text: `text of ${pledgeId}` });
      const { id } = await ctx.db
        .selectFrom('credential')
        .select('id')
        .where('pledge_id', '=', pledgeId)
        .executeTakeFirstOrThrow();
      const grant = { ...grantOf(handle), expiresAt: EXPIRES };
      const sealed = await sealGrant(ctx, ctx.db, { ...base, id }, grant, null);
      await sql`update credential set sealed = ${sealed} where id = ${id}`.execute(ctx.db);
    }
    return reload(armed);
  }

  /** Seals what a pledge promises; its hash is that of what its owner agreed to. */
  async function promise(
    pledgeId: string,
    what: { campaignId: string; platform: string; handle: string; text: string },
  ): Promise<void> {
    const { campaignId, platform, handle, text } = what;
    const textHash = hashOf(`text of ${pledgeId}`);
    const consentedAt = new Date();
    const sealed = await sealPledge(
      ctx.vault,
      ctx.db,
      { id: pledgeId, campaignId, platform, consentedAt },
      {
        ...{ account: { id: '7', handle }, locale: 'en', text, textHash },
        ...{ scope: 'write', policyVersion: '1' },
      },
    );
    await sql`update pledge set sealed = ${sealed}, consented_at = ${consentedAt}
      where id = ${pledgeId}`.execute(ctx.db);
  }

  const grantOf = (handle: string) => ({
    accessToken: `access of ${handle}`,
    refreshToken: null,
    scope: 'write',
  });

  /** The same shard with what is in its rows now, in the hands of whoever takes it over. */
  async function reload(armed: Armed): Promise<Armed> {
    const leased = await leaseAgain(ctx.db, armed.leased);
    return { ...armed, leased, armed: await armShard(ctx.db, leased, 'next', AT_ONCE) };
  }

  async function prepare({ leased, armed, campaignId }: Armed, platform = platformWith()) {
    const campaign = await findCampaign(ctx.db, { id: campaignId });
    if (!campaign) throw new Error('There is no such campaign');
    return prepareShard(ctx, platform, { leased, campaign }, armed);
  }

  async function rowOf(pledgeId: string): Promise<Row> {
    const { rows } = await sql<Row>`
      select pledge_id, state, reason, sealed_stage, shard_id,
        extract(epoch from due_at - clock_timestamp())::float8 as due_in
      from delivery where pledge_id = ${pledgeId}`.execute(ctx.db);
    return rows[0] as Row;
  }

  it('puts together what was consented to, for each host what goes there, and holds no more than that', async () => {
    const armed = await shardOf(['ann', 'moved', 'bob']);
    const ready = await prepare(armed);
    const [ann, moved, bob] = armed.armed;
    if (!ann || !moved || !bob) throw new Error('Somebody is missing');
    expect([...ready.keys()].sort()).toEqual(['api.x.example', 'other.example']);
    expect(ready.get('api.x.example')?.map(({ delivery }) => delivery)).toEqual(
      [ann, bob].map(({ id, pledgeId }) => ({
        ...{ id, pledgeId, attempts: 0, doubted: false, refreshed: false },
      })),
    );
    const movedKey = (await ctx.vault.postKeys(ctx.db, armed.campaignId))(moved.id);
    expect(await ready.get('other.example')?.[0]?.send()).toMatchObject({ id: movedKey });
    const campaign = await findCampaign(ctx.db, { id: armed.campaignId });
    expect(orders[0]).toEqual({
      postKey: (await ctx.vault.postKeys(ctx.db, armed.campaignId))(ann.id),
      account: { id: '7', handle: 'ann' },
      grant: { ...grantOf('ann'), expiresAt: EXPIRES },
      text: `text of ${ann.pledgeId}`,
      locale: 'en',
      moment: campaign?.moment.instant,
      staged: null,
    });
    expect(logged).toEqual([]);
    expect(await rowOf(ann.pledgeId)).toMatchObject({ state: 'armed', reason: null });
  });

  it('refuses a text that is not the one consented to, and sends the others', async () => {
    const before = await shardOf(['ann', 'bob']);
    const changed = before.armed[0]?.pledgeId ?? '';
    await promise(changed, {
      ...{ campaignId: before.campaignId, platform: 'x', handle: 'ann' },
      text: `text of ${changed}!`,
    });
    const ready = await prepare(await reload(before));
    expect(orders.map(({ account }) => account.handle)).toEqual(['bob']);
    expect([...ready.values()].flat()).toHaveLength(1);
    expect(await rowOf(changed)).toMatchObject({ state: 'refused', reason: 'consent_mismatch' });
    const other = before.armed[1]?.pledgeId ?? '';
    expect(await rowOf(other)).toMatchObject({ state: 'armed', reason: null });
  });

  it('A4 sends no text that stood in another row, nor one that was agreed to before', async () => {
    const before = await shardOf(['ann', 'bob', 'col']);
    const [moved = '', back = ''] = before.armed.map(({ pledgeId }) => pledgeId);
    const former = before.armed[1]?.sealed;
    await sql`update pledge set sealed = (select sealed from pledge where id = ${back})
      where id = ${moved}`.execute(ctx.db);
    const what = { campaignId: before.campaignId, platform: 'x', handle: 'bob' };
    await sleep(2);
    await promise(back, { ...what, text: `text of ${back}` });
    await sql`update pledge set sealed = ${former} where id = ${back}`.execute(ctx.db);
    await prepare(await reload(before));
    expect(orders.map(({ account }) => account.handle)).toEqual(['col']);
    for (const id of [moved, back]) expect(await rowOf(id)).toMatchObject({ state: 'waiting' });
  });

  it('refuses whoever’s grant is gone, and sends the others', async () => {
    const armed = await shardOf(['ann', 'bob']);
    const gone = armed.armed[0]?.pledgeId ?? '';
    await sql`delete from credential where pledge_id = ${gone}`.execute(ctx.db);
    await prepare(armed);
    expect(orders.map(({ account }) => account.handle)).toEqual(['bob']);
    expect(await rowOf(gone)).toMatchObject({ state: 'refused', reason: 'reauthorize' });
    expect(logged).toEqual([]);
  });

  it.each([
    ['a turn to come', 100_000, 130],
    ['a turn that is past', -100_000, 30],
  ])(
    'puts off what does not open, half a minute from %s, and says so',
    async (_of, turnMs, seconds) => {
      const before = await shardOf(['ann', 'bob', 'col']);
      const [account = '', grant = ''] = before.armed.map(({ pledgeId }) => pledgeId);
      await sql`update pledge set sealed = '\\x00' where id = ${account}`.execute(ctx.db);
      await sql`update credential set sealed = '\\x00' where pledge_id = ${grant}`.execute(ctx.db);
      const armed = await reload(before);
      const dueAt = new Date(ctx.clock.now() + turnMs);
      await prepare({ ...armed, leased: { ...armed.leased, dueAt } });
      expect(orders.map(({ account: { handle } }) => handle)).toEqual(['col']);
      for (const pledgeId of [account, grant]) {
        const row = await rowOf(pledgeId);
        expect(row).toMatchObject({ state: 'waiting', shard_id: null, reason: null });
        expect(row.due_in).toBeGreaterThan(seconds - 10);
        expect(row.due_in).toBeLessThan(seconds + 1);
      }
      const what = { campaign: armed.campaignId, platform: 'x', count: 2 };
      expect(logged).toEqual([[what, expect.stringContaining('master key')]]);
    },
  );

  it('ends nobody’s post for a fault of ours', async () => {
    const armed = await shardOf(['ann']);
    const open = async () => {
      throw new Error('away');
    };
    ctx = { ...ctx, vault: { ...ctx.vault, open } };
    await expect(prepare(armed)).rejects.toThrow('away');
    expect(await rowOf(armed.armed[0]?.pledgeId ?? '')).toMatchObject({ state: 'armed' });
  });

  it('takes the step before the moment once for each, keeps what it gave, and does without where it failed', async () => {
    const handles = Array.from({ length: 40 }, (_, i) => `person${i}`);
    const armed = await shardOf(handles);
    let underWay = 0;
    let most = 0;
    const steps: string[] = [];
    const step = async ({ account: { handle }, postKey }: PostOrder): Promise<Staged> => {
      steps.push(handle);
      underWay++;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, 5));
      underWay--;
      if (handle === 'person3') return { kind: 'failed', detail: 'not now' };
      return { kind: 'staged', token: `step of ${postKey}` };
    };
    const platform = platformWith({ stage: step });
    await prepare(armed, platform);
    expect([...steps].sort()).toEqual([...handles].sort());
    expect(most).toBe(16);
    const stagedOf = (order: PostOrder): string | null =>
      order.account.handle === 'person3' ? null : `step of ${order.postKey}`;
    expect(orders.map(({ staged }) => staged)).toEqual(orders.map(stagedOf));
    steps.length = 0;
    orders.length = 0;
    await prepare(await reload(armed), platform);
    expect(steps).toEqual(['person3']);
    expect(orders).toHaveLength(40);
    expect(orders.map(({ staged }) => staged)).toEqual(orders.map(stagedOf));
  });

  it('B3 alarms for a whole language when the step is refused for its text, once, and for nothing else', async () => {
    const armed = await shardOf(['ann', 'bob', 'col']);
    const stage = async ({ account: { handle } }: PostOrder): Promise<Staged> => ({
      kind: 'failed',
      detail: handle === 'col' ? 'answered 500' : 'answered 400 100',
    });
    const isAboutText = (detail: string) => detail === 'answered 400 100';
    const events = async () =>
      ctx.db
        .selectFrom('campaign_event')
        .select(['action', 'scope', 'platform', 'actor', 'detail'])
        .where('campaign_id', '=', armed.campaignId)
        .execute();
    await prepare(armed, platformWith({ stage }));
    expect(await events()).toEqual([]);
    await prepare(await reload(armed), platformWith({ stage, isAboutText }));
    await prepare(await reload(armed), platformWith({ stage, isAboutText }));
    expect(await events()).toEqual([
      {
        ...{ action: 'text_refused', scope: 'platform', platform: 'x', actor: 'tocsin' },
        detail: 'X refused the text in en: answered 400 100',
      },
    ]);
    const what = { campaign: armed.campaignId, platform: 'x', locale: 'en' };
    expect(logged).toEqual([
      [{ ...what, answer: 'answered 400 100' }, expect.stringContaining('refused')],
    ]);
    // Each is sent all the same: at the moment the network has the last word.
    expect(orders).toHaveLength(9);
    const { findings } = await checkReadiness(ctx);
    const [texts] = findings.filter(({ check }) => check === 'texts');
    expect(texts).toMatchObject({ level: 'red', about: [expect.stringMatching(/ x$/)] });
  });

  it('takes no such step any more when the process is to stop', async () => {
    const armed = await shardOf(['ann']);
    stage.stop();
    const steps: string[] = [];
    const step = async (order: PostOrder): Promise<Staged> => {
      steps.push(order.postKey);
      return { kind: 'failed', detail: '' };
    };
    await prepare(armed, platformWith({ stage: step }));
    expect(steps).toEqual([]);
  });
});
