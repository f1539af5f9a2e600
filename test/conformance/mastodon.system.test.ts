import { expect } from 'vitest';
import { createCrash } from '../../src/crash.ts';
import type { RefusalReason } from '../../src/domain/outcome.ts';
import { createGuard } from '../../src/outbound/ssrf-guard.ts';
import { createMastodon } from '../../src/platforms/mastodon/mastodon.ts';
import { AccountUnfit, GrantRefused, type Platform } from '../../src/platforms/platform.ts';
import type { Standing } from '../../src/simulator/accounts.ts';
import type { Fault } from '../../src/simulator/behaviour.ts';
import type { AccountChange } from '../../src/simulator/client.ts';
import { type MastodonBehaviour, POINTERS } from '../../src/simulator/mastodon/behaviour.ts';
import { startNetwork } from '../support/network.ts';
import { BASE_URL, type Bench, benchAt, type Ordered } from './bench.ts';
import { findsIt, findsNothing } from './cases/doubt.ts';
import { RESET_SECONDS } from './cases/limits.ts';
import { shieldTests } from './cases/shield.ts';
import { isWarned } from './cases/warning.ts';
import { notesFor } from './notes.ts';
import { answers, PAGE } from './raw.ts';
import type { Expected, Row } from './subject.ts';
import { conform, type Tests } from './suite.ts';
import { TEXTS } from './texts.ts';

const notes = notesFor('mastodon');
const failure = (status: number, error: string, headers = {}) =>
  answers(status, { error }, headers);

/** A 429 of Mastodon's own, whose window ends in ten minutes. */
const limited = () => {
  const end = new Date(Date.now() + RESET_SECONDS * 1_000).toISOString().replace('Z', '000Z');
  const headers = { 'x-ratelimit-limit': '300', 'x-ratelimit-remaining': '0' };
  return failure(429, 'Too many requests', { ...headers, 'x-ratelimit-reset': end })();
};

/** A gateway's 429 names no time: a window of Mastodon's. */
const UNNAMED_SECONDS = 300;
/** Long enough ago for a server that keeps no keys to have done what it was given up on. */
const LONG_AGO_MS = 45_000;
const STATUS = { id: '7', url: null, content: '<p>a</p>' };

/** Texts that Markdown would make something else of. */
const SIGNS = [
  '*a* _b_ 1. x > y <b>z</b> [x](url)\n- one\n# two https://example.org/a_b_*c* #a_b_c.',
  'Мы звоним в колокол\nвместе, *сегодня*.\n\n1. #Право_на_голос',
];

const STANDINGS_THAT_END = [
  ['moved', 'account_moved'],
  ['memorial', 'account_memorial'],
  ['limited', 'account_limited'],
  ['terms', 'terms_to_accept'],
] as const;

const reconnect = { kind: 'reconnect' } as const;
const refusedFor = (reason: RefusalReason) => ({ kind: 'refused', reason }) as const;
const locked = refusedFor('posting_barred');
const pending = refusedFor('account_pending');
const unknown = { kind: 'unknown' } as const;
const textInvalid = { kind: 'refused', reason: 'text_invalid' } as const;

conform({
  name: 'mastodon',
  label: 'Mastodon',
  needs: ['postgres'],
  connect: (url, timeoutMs) => connectTo([new URL(url).host], timeoutMs),
  locator: (url) => new URL(url).host,
  accountId: (id, url) => `${url} ${id}`,
  stranger: (url) => ({
    account: { id: `${url} 42`, handle: `somebody@${new URL(url).host}` },
    grant: {
      accessToken: 'token',
      refreshToken: null,
      expiresAt: null,
      scope: 'write:statuses profile',
      extra: { origin: url, software: 'mastodon', clientId: 'id', clientSecret: 'secret' },
    },
  }),
  resetAt: (now, kind) =>
    new Date(now.getTime() + (kind === 'wait' ? RESET_SECONDS : UNNAMED_SECONDS) * 1_000),
  // PLATFORMS.md 3.4.
  rows: [
    ['200 with an id', answers(200, STATUS), { kind: 'posted', id: '7' }],
    ['200 without an id', answers(200, {}), unknown],
    ['401 invalid token', failure(401, 'The access token is invalid'), reconnect],
    ['401 of the simulator', 'status401', reconnect],
    [
      '401 of GoToSocial, suspended or not approved any more',
      failure(401, 'Unauthorized: application not supplied'),
      reconnect,
    ],
    ['403 login disabled', failure(403, 'Your login is currently disabled'), locked],
    ['403 login of the simulator', 'status403Locked', locked],
    ['403 approval pending', failure(403, 'Your login is currently pending approval'), pending],
    [
      '403 e-mail not confirmed',
      failure(403, 'Your login is missing a confirmed e-mail address'),
      pending,
    ],
    [
      '403 of text alone',
      failure(403, 'Empty statuses are not allowed'),
      refusedFor('no_text_posts'),
    ],
    [
      '403 of an account that has moved, at GoToSocial',
      failure(403, 'Forbidden: your account has Moved or is currently Moving'),
      refusedFor('account_moved'),
    ],
    [
      '403 of new terms',
      failure(403, 'You have to accept the new terms of service first'),
      refusedFor('terms_to_accept'),
    ],
    [
      '403 without a reason',
      failure(403, 'This action is not allowed'),
      refusedFor('posting_barred'),
    ],
    [
      '403 outside the scopes',
      failure(403, 'This action is outside the authorized scopes'),
      reconnect,
    ],
    ['404 as a page', answers(404, PAGE), unknown],
    ['404', failure(404, 'Not found'), { kind: 'refused', reason: 'platform_down' }],
    ['422 blank', failure(422, "Validation failed: Text can't be blank"), textInvalid],
    [
      '422 over the limit',
      failure(422, 'Validation failed: Text character limit of 500 exceeded'),
      textInvalid,
    ],
    ['429', limited, { kind: 'wait', ahead: RESET_SECONDS }],
    ['429 of a gateway', answers(429, PAGE), { kind: 'throttled', ahead: UNNAMED_SECONDS }],
    ['500', failure(500, 'Internal Server Error'), unknown],
    ['503', failure(503, 'There was a temporary problem'), unknown],
    ['502 of a gateway', answers(502, PAGE), unknown],
    ['504 of a gateway', answers(504, PAGE), unknown],
    ...otherSoftware(),
  ],
  own: {
    join: {
      ...closedTests(async (bench) => {
        const { order } = await bench.newOrder();
        expect(order.grant.scope).toBe('write:statuses profile read:statuses');
      }),
      'B6 by another name than the one that was given': isElsewhere,
      'B5 not from a server that takes no text alone': isRefusedAtPixelfed,
    },
    texts: { ...wordForWordTests(), ...ownMarkupTests() },
    warning: {
      'B16 at GoToSocial': async (bench) =>
        isWarned(await serverThatIs(bench, { software: 'gotosocial' })),
      'B16 at Hollo': async (bench) =>
        isWarned(await serverThatIs(bench, { software: 'hollo', lateMs: 0 })),
    },
    refuse: { 'E11 consent is denied at Hollo, which gives no state back': isDeniedAtHollo },
    whyDead: Object.fromEntries(
      STANDINGS_THAT_END.map(([standing, reason]) => [
        `B5 it is ${standing}`,
        (bench: Bench) => endsBy(bench, standing, reason),
      ]),
    ),
    posted: {
      ...closedTests((bench) => findsIt(bench, 'status500AfterAccept')),
      'B5 at Firefish, whose 401 stands for a failure': async (bench) =>
        findsIt(await serverThatIs(bench, { software: 'firefish' }), 'status500AfterAccept'),
    },
    notPosted: closedTests((bench) =>
      findsNothing(bench, 'status500', new Date(Date.now() - LONG_AGO_MS)),
    ),
    errors: {
      ...shieldTests,
      'E13 suspended, at GoToSocial': (bench) => isBarred(bench, { suspended: true }),
      'E13 not approved any more, at GoToSocial': (bench) => isBarred(bench, { locked: true }),
    },
  },
  lacks: {
    refresh: { why: 'tokens do not end', proof: hasNoEnd },
    refreshTwice: { why: 'there are no refresh tokens', proof: hasNoEnd },
    expired: { why: 'tokens do not end', proof: hasNoEnd },
    appProblem: {
      why: 'supporters name the servers, and none of them may stop the others',
      proof: async (bench) => {
        for (const fault of ['status402', 'status403Forbidden'] as const) {
          const outcome = await bench.postWith(fault, await bench.newOrder());
          expect(outcome, fault).toMatchObject(refusedFor('posting_barred'));
        }
      },
    },
  },
});

/** What is refused where the software says it otherwise than Mastodon: what became of the account, or what is ordered of its post. */
function otherSoftware(): readonly Row[] {
  const misskeys: [string, Trouble, Expected][] = [
    ['a dead token', { revokeGrants: true }, reconnect],
    ['too small a permission', 'status403NotPermitted', reconnect],
    ['a suspended account', { suspended: true }, refusedFor('account_suspended')],
    ['an account that has moved', { standing: 'moved' }, refusedFor('account_moved')],
    ['a role that may not post', 'status403Forbidden', refusedFor('posting_barred')],
    ['its limit', 'status429User', { kind: 'wait', ahead: UNNAMED_SECONDS }],
    ['its own failure', 'status500', unknown],
    ['a text', { maxCharacters: 5 }, textInvalid],
  ];
  const pleromas: typeof misskeys = [
    ['a dead token', { revokeGrants: true }, reconnect],
    ['too small a permission', 'status403NotPermitted', reconnect],
    ['a suspended account', { suspended: true }, reconnect],
    ['an account that waits for approval', { standing: 'pending' }, pending],
  ];
  const all = { sharkey: misskeys, firefish: misskeys, pleroma: pleromas, akkoma: pleromas };
  return Object.entries(all).flatMap(([software, rows]) =>
    rows.map(([what, trouble, expected]): Row => {
      const order = (bench: Bench) => orderAt(bench, software, trouble);
      return [`B5 ${software}, of ${what}`, { order }, expected];
    }),
  );
}

type Trouble = Fault | AccountChange | Partial<MastodonBehaviour>;

async function orderAt(bench: Bench, software: string, trouble: Trouble): Promise<Ordered> {
  const ordered = await bench.newOrder();
  const { id, handle } = ordered.person;
  const change = typeof trouble === 'string' ? {} : trouble;
  const server = 'maxCharacters' in change ? change : {};
  await bench.control.behaviour({ mastodon: { software, ...server } });
  if (typeof trouble === 'string') await bench.control.fault(handle, 'posts', trouble);
  else if (server !== change) await bench.control.changeAccount(id, change as AccountChange);
  return ordered;
}

async function connectTo(privateHosts: string[], timeoutMs: number): Promise<Platform> {
  const parts = { crash: createCrash(''), guard: createGuard(privateHosts) };
  return createMastodon(
    { privateHosts, mastodon: { postsPerSecond: 30, quotes: null, timeoutMs } },
    {
      ...{ ...parts, notes: await notes(), baseUrl: () => BASE_URL },
      callbackPart: (origin) => Buffer.from(origin).toString('base64url'),
    },
  );
}

async function hasNoEnd(bench: Bench): Promise<void> {
  const { order } = await bench.newOrder();
  expect(order.grant).toMatchObject({ expiresAt: null, refreshToken: null });
  await expect(bench.platform.refresh(order.grant)).rejects.toThrow(GrantRefused);
}

/** A server of its own, which is so from the first that we learn of it. */
async function serverThatIs(bench: Bench, mastodon: Partial<MastodonBehaviour>): Promise<Bench> {
  const own = await benchAt(bench.subject, await startNetwork('mastodon'));
  await own.control.behaviour({ mastodon });
  return own;
}

/** The same test at each kind of server that shows posts only to tokens that may read them. */
function closedTests(test: (bench: Bench) => Promise<void>): Tests {
  const kinds: [string, Partial<MastodonBehaviour>][] = [
    ['GoToSocial', { software: 'gotosocial' }],
    ['Hollo', { software: 'hollo' }],
    ['a closed Mastodon', { closed: true }],
    ['a Mastodon of limited federation', { limitedFederation: true }],
  ];
  return Object.fromEntries(
    kinds.map(([name, mastodon]) => [
      `E4 at ${name}, where read:statuses is asked for`,
      async (bench: Bench) => test(await serverThatIs(bench, mastodon)),
    ]),
  );
}

/** Each text where people may write Markdown: what stands there is read back from the server. */
function wordForWordTests(): Tests {
  const kinds: [string, Partial<MastodonBehaviour>][] = [
    ['GoToSocial', { software: 'gotosocial', defaultFormat: 'markdown' }],
    ['Glitch', { version: '4.5.0+glitch', defaultFormat: 'markdown' }],
    ['Hometown', { software: 'hometown', defaultFormat: 'markdown' }],
    ['Hollo', { software: 'hollo', lateMs: 0 }],
  ];
  const tests = kinds.map(([name, mastodon]) => [
    `B10 at ${name}, whose people write Markdown`,
    async (bench: Bench) => {
      const server = await serverThatIs(bench, mastodon);
      for (const text of [...Object.values(TEXTS), ...SIGNS]) await standsThere(server, text);
    },
  ]);
  return Object.fromEntries(tests) as Tests;
}

/** Software that reads signs as formatting and cannot be told not to: a text stands there as it is, or nobody is let in with it. */
function ownMarkupTests(): Tests {
  // MFM has no emphasis of Cyrillic letters.
  const kinds = [
    ['sharkey', 2],
    ['iceshrimp.net', 2],
    ['friendica', 3],
  ] as const;
  const tests = kinds.map(([software, most]) => [
    `B10 at ${software}, word for word or refused at join`,
    async (bench: Bench) => {
      const server = await serverThatIs(bench, { software });
      let refused = 0;
      for (const text of [...Object.values(TEXTS), ...SIGNS]) {
        const asked = server.ask(await server.newPerson(), 'allow', text);
        const problem = await asked.then(
          () => null,
          (error: { problem?: string }) => error.problem,
        );
        if (problem === null) await standsThere(server, text);
        else expect(problem).toBe('reads_markup');
        if (problem !== null) refused++;
      }
      expect(refused).toBe(most);
    },
  ]);
  return Object.fromEntries(tests) as Tests;
}

async function standsThere(bench: Bench, text: string): Promise<void> {
  const { order, person } = await bench.newOrder(text);
  const since = new Date();
  const outcome = await bench.post(order);
  expect(outcome).toMatchObject({ kind: 'posted' });
  expect(outcome).not.toHaveProperty('detail');
  expect((await bench.postsOf(person)).map((post) => post.text)).toEqual([text]);
  expect(await bench.look(order, since)).toMatchObject({ kind: 'found' });
}

async function isDeniedAtHollo(bench: Bench): Promise<void> {
  const hollo = await serverThatIs(bench, { software: 'hollo' });
  const asked = await hollo.ask(await hollo.newPerson(), 'deny');
  expect(asked.answer).toMatchObject({ error: 'access_denied' });
  expect(asked.answer.state).toBeUndefined();
  await expect(hollo.platform.exchange(asked)).rejects.toThrow(GrantRefused);
}

/** GoToSocial does not say why: its tokens are as if they had never been. */
async function isBarred(bench: Bench, change: AccountChange): Promise<void> {
  const gotosocial = await serverThatIs(bench, { software: 'gotosocial' });
  const { order, person } = await gotosocial.newOrder();
  await gotosocial.control.changeAccount(person.id, change);
  expect(await gotosocial.platform.probe(order.grant)).toMatchObject({ kind: 'dead' });
  expect(await gotosocial.post(order)).toMatchObject({ kind: 'reconnect', detail: '401' });
  expect(await gotosocial.postsOf(person)).toEqual([]);
}

/** What has become of an account since it joined: preflight ends it, and it is known why. */
async function endsBy(bench: Bench, standing: Standing, reason: RefusalReason): Promise<void> {
  const { platform, control } = bench;
  const { order, person } = await bench.newOrder();
  const { grant, account } = order;
  expect(await platform.whyDead?.(grant, account.id)).toBeNull();
  await control.changeAccount(person.id, { standing });
  expect(await platform.probe(grant, account.id)).toMatchObject({ kind: 'dead' });
  expect(await platform.whyDead?.(grant, account.id)).toBe(reason);
  await expect(platform.whoAmI(grant)).rejects.toThrow(AccountUnfit);
  if (standing === 'limited') return;
  expect(await bench.post(order)).toMatchObject({ kind: 'refused' });
  expect(await bench.postsOf(person)).toEqual([]);
}

async function isRefusedAtPixelfed(bench: Bench): Promise<void> {
  const { order, person } = await bench.newOrder();
  const pixelfed = await serverThatIs(bench, { software: 'pixelfed' });
  const asked = pixelfed.ask(await pixelfed.newPerson());
  await expect(asked).rejects.toMatchObject({ problem: 'no_text_posts' });
  // One who joined before this was known of it.
  await bench.control.behaviour({ mastodon: { software: 'pixelfed' } });
  expect(await bench.post(order)).toMatchObject(refusedFor('no_text_posts'));
  await bench.control.behaviour({});
  const grant = { ...order.grant, extra: { ...order.grant.extra, software: 'pixelfed' } };
  expect(await bench.platform.probe(grant)).toMatchObject({ kind: 'dead' });
  expect(await bench.platform.whyDead?.(grant)).toBe('no_text_posts');
  expect(await bench.postsOf(person)).toEqual([]);
}

/** The domain that people are known by, and the server that they log in to: the person is asked before that is gone to. */
async function isElsewhere(bench: Bench): Promise<void> {
  const person = await bench.newPerson();
  const host = (url: string): string => new URL(url).host;
  for (const pointsBy of POINTERS) {
    const domain = await serverThatIs(bench, { elsewhere: bench.url, pointsBy });
    const privateHosts = [bench.url, domain.url].map(host);
    const both = await connectTo(privateHosts, 10_000);
    const input = {
      ...{ redirectUri: `${BASE_URL}/callback/mastodon`, state: 's', text: 'a', locale: 'en' },
      ...{ locator: host(domain.url), user: person.handle, moment: new Date() },
    };
    await expect(both.authorize(input), pointsBy).rejects.toMatchObject({
      ...{ problem: 'other_name', otherName: host(bench.url) },
    });
    const { url } = await both.authorize({ ...input, locator: host(bench.url) });
    expect(new URL(url).origin).toBe(bench.url);
    both.dispose();
  }
}
