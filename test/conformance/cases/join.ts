import { expect } from 'vitest';
import { type Grant, GrantRefused } from '../../../src/platforms/platform.ts';
import type { Bench } from '../bench.ts';

/** A code that nobody was given; as long as the real ones. */
const WRONG_CODE = 'wrong'.repeat(8);

export const joinTests = {
  join: {
    'authorizes, exchanges the code, says who it is': async (bench: Bench) => {
      const { platform, subject, url } = bench;
      const person = await bench.newPerson();
      const { grant, account } = await bench.take(await bench.ask(person));
      expect(await platform.whoAmI(grant)).toEqual(account);
      expect(account.id).toBe(subject.accountId?.(person.id, url) ?? person.id);
      expect(account.handle).not.toBe('');
      expect(await platform.probe(grant)).toEqual({ kind: 'alive' });
    },
  },
  refuse: {
    'consent is denied': async (bench: Bench) => {
      const asked = await bench.ask(await bench.newPerson(), 'deny');
      expect(asked.answer.code).toBeUndefined();
      expect(asked.answer.error).toBeTruthy();
      await expect(bench.platform.exchange(asked)).rejects.toThrow(GrantRefused);
    },
    'the code is wrong': async (bench: Bench) => {
      const { answer, ...asked } = await bench.ask(await bench.newPerson());
      const wrong = { ...asked, answer: { ...answer, code: WRONG_CODE } };
      await expect(bench.platform.exchange(wrong)).rejects.toThrow(GrantRefused);
    },
    'the code was used': async (bench: Bench) => {
      const asked = await bench.ask(await bench.newPerson());
      await bench.platform.exchange(asked);
      await expect(bench.platform.exchange(asked)).rejects.toThrow(GrantRefused);
    },
  },
  refresh: {
    'the next grant is the same account’s and posts': async (bench: Bench) => {
      const { person, order } = await bench.newOrder();
      const grant = await bench.platform.refresh(await agedGrant(bench, order.grant));
      expect(grant.accessToken).not.toBe(order.grant.accessToken);
      expect(await bench.platform.whoAmI(grant)).toEqual(order.account);
      expect(await bench.post({ ...order, grant })).toMatchObject({ kind: 'posted' });
      expect(await bench.postsOf(person)).toHaveLength(1);
    },
  },
  refreshTwice: {
    'the second time': async (bench: Bench) => {
      const { order } = await bench.newOrder();
      const old = await agedGrant(bench, order.grant);
      await bench.platform.refresh(old);
      await expect(bench.platform.refresh(old)).rejects.toThrow(GrantRefused);
    },
  },
};

/** The same grant at a time when it may be refreshed. */
export async function agedGrant(bench: Bench, grant: Grant): Promise<Grant> {
  return (await bench.subject.aged?.(bench, grant)) ?? grant;
}
