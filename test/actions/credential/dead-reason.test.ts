import { beforeAll, expect, it } from 'vitest';
import { deadReason, trueReason } from '../../../src/actions/credential/dead-reason.ts';
import type { RefusalReason } from '../../../src/domain/outcome.ts';
import type { Grant, Platform } from '../../../src/platforms/platform.ts';
import { findLiveCredentials, markDead } from '../../../src/store/credential.ts';
import { needs } from '../../support/database.ts';
import { type Pledged, type Quiet, startQuiet } from './grants.ts';

needs('postgres')('the reason of a refusal at the moment', () => {
  let quiet: Quiet;
  beforeAll(async () => {
    quiet = await startQuiet();
  });

  /** X, had it a word for what is the matter; and the grants that it was asked about. */
  function telling(said: RefusalReason | null): { platform: Platform; asked: Grant[] } {
    const x = quiet.ctx.platforms.get('x');
    if (!x) throw new Error('X is not connected');
    const asked: Grant[] = [];
    const whyDead = async (grant: Grant) => {
      asked.push(grant);
      return said;
    };
    return { platform: { ...x, whyDead }, asked };
  }

  async function end({ id }: Pledged, reason: RefusalReason): Promise<void> {
    const [live] = await findLiveCredentials(quiet.ctx.db, [id]);
    await markDead(quiet.ctx.db, live?.id ?? '', reason);
  }

  it('E6 is asked of the network while the credential lives, before anybody is told to connect again', async () => {
    const pledge = await quiet.pledge();
    const { platform, asked } = telling('account_gone');
    expect(await deadReason(quiet.ctx, platform, pledge.id)).toBe('account_gone');
    expect(asked.map(({ accessToken }) => accessToken)).toEqual([pledge.grant.accessToken]);
    expect(await deadReason(quiet.ctx, telling(null).platform, pledge.id)).toBe('reauthorize');
    const { whyDead: _, ...silent } = platform;
    expect(await deadReason(quiet.ctx, silent, pledge.id)).toBe('reauthorize');
    expect(await deadReason(quiet.ctx, undefined, pledge.id)).toBe('reauthorize');
  });

  it('E6 is what the credential died of, and nobody is asked', async () => {
    const pledge = await quiet.pledge();
    await end(pledge, 'account_suspended');
    const { platform, asked } = telling('account_gone');
    expect(await deadReason(quiet.ctx, platform, pledge.id)).toBe('account_suspended');
    expect(asked).toEqual([]);
  });

  it('B5 is asked of the network where the refusal does not say it', async () => {
    const pledge = await quiet.pledge();
    const { platform, asked } = telling('account_moved');
    const of = (reason: RefusalReason) => trueReason(quiet.ctx, platform, pledge.id, reason);
    expect(await of('text_invalid')).toBe('text_invalid');
    expect(asked).toEqual([]);
    expect(await of('posting_barred')).toBe('account_moved');
    expect(await of('account_locked')).toBe('account_moved');
    const silent = telling(null).platform;
    expect(await trueReason(quiet.ctx, silent, pledge.id, 'posting_barred')).toBe('posting_barred');
  });
});
