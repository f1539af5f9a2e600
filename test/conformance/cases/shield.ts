import { expect } from 'vitest';
import { CHALLENGES, type Challenge } from '../../../src/simulator/challenges.ts';
import { BASE_URL, type Bench } from '../bench.ts';
import type { Tests } from '../suite.ts';

/** A shield before the server: nothing of a post is carried out, and it goes out when the shield lets us in. */
const behindShield = (challenge: Exclude<Challenge, 'none'>) => async (bench: Bench) => {
  const { order, person } = await bench.newOrder();
  try {
    await bench.control.behaviour({ challenge });
    expect(await bench.post(order)).toMatchObject({ kind: 'throttled', reason: 'challenged' });
    expect(await bench.platform.probe(order.grant)).toMatchObject({
      ...{ kind: 'undecided', challenged: true },
    });
    const stranger = await bench.connect(bench.url);
    const asked = stranger.authorize({
      ...{ redirectUri: `${BASE_URL}/callback`, state: 's', text: 'a', locale: 'en' },
      ...{ where: bench.subject.where?.(bench.url, person.handle) ?? '', moment: new Date() },
    });
    await expect(asked).rejects.toMatchObject({ problem: 'challenged' });
    await expect(bench.platform.whoAmI(order.grant)).rejects.toMatchObject({
      problem: 'challenged',
    });
    expect(await bench.postsOf(person)).toEqual([]);
  } finally {
    await bench.control.behaviour({});
  }
  expect(await bench.post(order)).toMatchObject({ kind: 'posted' });
  expect(await bench.postsOf(person)).toHaveLength(1);
};

export const shieldTests: Tests = Object.fromEntries(
  CHALLENGES.flatMap((challenge) =>
    challenge === 'none' ? [] : [[`B7 a shield: ${challenge}`, behindShield(challenge)]],
  ),
);
