import { expect } from 'vitest';
import { createCrash } from '../../src/crash.ts';
import { createFacebook } from '../../src/platforms/facebook/facebook.ts';
import { GrantRefused } from '../../src/platforms/platform.ts';
import type { Bench } from './bench.ts';
import { shieldTests } from './cases/shield.ts';
import { NO_WARNING } from './cases/warning.ts';
import { graphError, metaApp, refused, regainIn, UNNAMED_SECONDS } from './graph.ts';
import { answers, PAGE } from './raw.ts';
import type { Row } from './subject.ts';
import { conform } from './suite.ts';

const unknown = { kind: 'unknown' } as const;
const reconnect = { kind: 'reconnect' } as const;

/** One row for each of these codes. */
const each = (codes: readonly number[], expected: Row[2]): Row[] =>
  codes.map((code) => [`code ${code}`, graphError(code), expected]);
const token = (subcodes: readonly number[], expected: Row[2]): Row[] =>
  subcodes.map((subcode) => [`190/${subcode}`, graphError(190, { subcode }), expected]);

conform({
  name: 'facebook',
  label: 'Facebook Pages',
  connect: (url, timeoutMs) =>
    createFacebook(
      {
        ...metaApp(url, timeoutMs),
        authorizeUrl: `${url}/dialog/oauth`,
        postUrl: url,
        version: 'v26.0',
        portfolios: false,
      },
      createCrash(''),
    ),
  stranger: () => ({
    account: { id: '42', handle: 'A page' },
    grant: { accessToken: 'token', refreshToken: null, expiresAt: null, scope: '' },
  }),
  // PLATFORMS.md 2.1.
  rows: [
    ['200 with an id', answers(200, { id: '42_7' }), { kind: 'posted', id: '42_7' }],
    ['200 without an id', answers(200, {}), unknown],
    ...each([1, 2], unknown),
    ['code 4, with minutes', graphError(4, {}, regainIn(10)), { kind: 'throttled', ahead: 600 }],
    ...each([4, 341], { kind: 'throttled', ahead: UNNAMED_SECONDS }),
    ['code 17, with minutes', graphError(17, {}, regainIn(10)), { kind: 'wait', ahead: 600 }],
    ...each([17, 32, 613], { kind: 'wait', ahead: UNNAMED_SECONDS }),
    ...each([10, 200, 299], refused('reauthorize')),
    ...each([3], refused('app_problem')),
    ...each([102, 190], reconnect),
    ...token([458, 460, 463, 467], reconnect),
    ...token([459, 464], refused('account_locked')),
    ...token([492], refused('page_gone')),
    ['100/33', graphError(100, { subcode: 33 }), refused('page_gone')],
    ...each([368], refused('account_locked')),
    ...each([506], refused('duplicate')),
    ...each([100, 1609005], refused('text_invalid')),
    ['500 of a gateway', answers(500, PAGE), unknown],
    ['502 of a gateway', answers(502, PAGE), unknown],
  ],
  own: {
    errors: shieldTests,
    whyDead: {
      'B5 the page is gone, which preflight sees': (bench) => isGone(bench),
    },
  },
  lacks: {
    warning: NO_WARNING,
    refresh: { why: 'a page’s token does not end', proof: hasNoEnd },
    refreshTwice: { why: 'there are no refresh tokens', proof: hasNoEnd },
    expired: { why: 'a page’s token does not end', proof: hasNoEnd },
  },
});

async function isGone({ control, platform, ...bench }: Bench): Promise<void> {
  const { order, person } = await bench.newOrder();
  expect(await platform.whyDead?.(order.grant)).toBeNull();
  await control.changeAccount(person.id, { deleted: true });
  expect(await platform.probe(order.grant)).toMatchObject({ kind: 'dead' });
  expect(await platform.whyDead?.(order.grant)).toBe('page_gone');
  expect(await bench.post(order)).toMatchObject(refused('page_gone'));
  expect(await platform.reconcile(order, new Date())).toMatchObject({ kind: 'unreadable' });
}

async function hasNoEnd(bench: Bench): Promise<void> {
  const { order } = await bench.newOrder();
  expect(order.grant).toMatchObject({ expiresAt: null, refreshToken: null });
  await expect(bench.platform.refresh(order.grant)).rejects.toThrow(GrantRefused);
}
