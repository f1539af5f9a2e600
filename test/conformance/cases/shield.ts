import { expect } from 'vitest';
import { CHALLENGES, type SimulatedChallenge } from '../../../src/simulator/challenges.ts';
import { BASE_URL, type Bench } from '../bench.ts';
import type { Tests } from '../suite.ts';

type Shield = Exclude<SimulatedChallenge, 'none'>;

/** A shield before the server: nothing of a post is carried out, and it goes out when the shield lets us in. */
const behindShield = (challenge: Shield) => async (bench: Bench) => {
  const { order, person } = await bench.newOrder();
  const asked = await bench.ask(await bench.newPerson());
  try {
    await bench.control.behaviour({ challenge });
    expect(await bench.post(order)).toMatchObject({ kind: 'throttled', reason: 'challenged' });
    expect(await bench.platform.probe(order.grant)).toMatchObject({
      ...{ kind: 'undecided', challenged: true },
    });
    await isKeptOutOfJoining(bench, asked);
    await expect(bench.platform.whoAmI(order.grant)).rejects.toMatchObject({
      problem: 'challenged',
    });
    const looked = await bench.platform.reconcile(order, new Date());
    expect(looked).toMatchObject({ kind: 'undecided' });
    expect(await bench.postsOf(person)).toEqual([]);
  } finally {
    await bench.control.behaviour({});
  }
  expect(await bench.post(order)).toMatchObject({ kind: 'posted' });
  expect(await bench.postsOf(person)).toHaveLength(1);
};

/** Where people name the server it is asked before the consent; every network exchanges the code after it. */
async function isKeptOutOfJoining(
  bench: Bench,
  asked: Awaited<ReturnType<Bench['ask']>>,
): Promise<void> {
  const stranger = await bench.connect(bench.url);
  if (bench.subject.locator) {
    const authorized = stranger.authorize({
      ...{ redirectUri: `${BASE_URL}/callback`, state: 's', text: 'a', locale: 'en' },
      ...{ locator: bench.subject.locator(bench.url, 'anybody'), moment: new Date() },
    });
    await expect(authorized).rejects.toMatchObject({ problem: 'challenged' });
  }
  await expect(stranger.exchange(asked)).rejects.toMatchObject({ problem: 'challenged' });
}

/** A token that is renewed, or given back, behind a shield: neither is done, and neither ends the grant. */
const keepsGrant = (challenge: Shield) => async (bench: Bench) => {
  const { order } = await bench.newOrder();
  const grant = (await bench.subject.aged?.(bench, order.grant)) ?? order.grant;
  try {
    await bench.control.behaviour({ challenge });
    await expect(bench.platform.refresh(grant)).rejects.toMatchObject({ problem: 'challenged' });
  } finally {
    await bench.control.behaviour({});
  }
  const { accessToken } = await bench.platform.refresh(
    (await bench.subject.aged?.(bench, grant)) ?? grant,
  );
  expect(accessToken).not.toBe(order.grant.accessToken);
};

const of = (what: string, test: (challenge: Shield) => (bench: Bench) => Promise<void>): Tests =>
  Object.fromEntries(
    CHALLENGES.flatMap((challenge) =>
      challenge === 'none' ? [] : [[`B7 ${what}: ${challenge}`, test(challenge)]],
    ),
  );

export const shieldTests: Tests = of('a shield', behindShield);

/** For networks whose grants are renewed. */
export const shieldedRefreshTests: Tests = of('a shield', keepsGrant);
