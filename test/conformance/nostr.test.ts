import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { WebSocketServer } from 'ws';
import { createCrash } from '../../src/crash.ts';
import { createTemplate, toAccount } from '../../src/platforms/nostr/event.ts';
import { createNostr } from '../../src/platforms/nostr/nostr.ts';
import { SCOPE } from '../../src/platforms/nostr/oauth.ts';
import { GrantRefused, type Platform } from '../../src/platforms/platform.ts';
import { signAs } from '../../src/simulator/client.ts';
import { atEnd } from '../support/at-end.ts';
import { waitFor } from '../support/wait-for.ts';
import { BASE_URL, type Bench } from './bench.ts';
import { ASKS_NOBODY } from './cases/grants.ts';
import { NO_WARNING } from './cases/warning.ts';
import type { Consent } from './subject.ts';
import { conform } from './suite.ts';

/** What a relay that says "later" is believed: nobody names a time. */
const LATER_SECONDS = 5;

const posted = { kind: 'posted' } as const;
const wait = { kind: 'wait', ahead: LATER_SECONDS } as const;
const barred = { kind: 'refused', reason: 'key_barred' } as const;
const membersOnly = { kind: 'refused', reason: 'relay_members_only' } as const;
const appProblem = { kind: 'refused', reason: 'app_problem' } as const;
const textInvalid = { kind: 'refused', reason: 'text_invalid' } as const;

/** One relay: what it says is what comes of it. */
function connectNostr(url: string, timeoutMs: number): Platform {
  const relays = [`${url.replace('http:', 'ws:')}/relay`];
  const config = { relays, quorum: 1, postUrl: 'https://njump.example', timeoutMs };
  return createNostr(config, createCrash(''), () => BASE_URL);
}

/** Whoever takes part signs what the page shows. */
const sign: Consent = async ({ platform, authorization, handle }) => {
  const unsigned = platform.toSign?.(authorization.flowSecret) as Parameters<typeof signAs>[1];
  return { code: JSON.stringify(signAs(handle, unsigned)) };
};

conform({
  name: 'nostr',
  label: 'Nostr',
  connect: connectNostr,
  stranger: (_url, { text, moment }) => {
    const event = signAs('stranger', createTemplate(text, moment));
    const accessToken = JSON.stringify(event);
    return {
      account: toAccount(event),
      grant: { accessToken, refreshToken: null, expiresAt: null, scope: SCOPE },
    };
  },
  consent: sign,
  grantsOneText: true,
  tooLong: 'a'.repeat(256 * 1024 + 1),
  silent: ['garbled201', 'status200HtmlAfterAccept', 'status200Html'],
  known: [
    ...['status500AfterAccept', 'status502AfterAccept', 'status503AfterAccept'],
    ...['status500', 'status502', 'status503'],
  ] as const,
  resetAt: (now) => new Date(now.getTime() + LATER_SECONDS * 1_000),
  // PLATFORMS.md 6.
  rows: [
    ['taken', relaySaying(true, ''), posted],
    ['true, duplicate', relaySaying(true, 'duplicate: already have this event'), posted],
    ['false, duplicate', relaySaying(false, 'duplicate: already have this event'), posted],
    ['rate-limited', relaySaying(false, 'rate-limited: slow down there chief'), wait],
    ['error', relaySaying(false, 'error: could not connect to the database'), wait],
    ['error, of the simulator', 'status500', wait],
    ['error, though it was taken', 'status500AfterAccept', wait],
    ['blocked', relaySaying(false, 'blocked: you are banned'), barred],
    ['blocked, for not having paid', relaySaying(false, 'blocked: pay 5 sats first'), membersOnly],
    ['blocked, of the simulator', 'status403Locked', barred],
    ['restricted', relaySaying(false, 'restricted: not for you'), membersOnly],
    ['auth-required', relaySaying(false, 'auth-required: we only know our own'), appProblem],
    ['pow', relaySaying(false, 'pow: difficulty 26 is less than 30'), appProblem],
    ['invalid', relaySaying(false, 'invalid: too many tags'), textInvalid],
    [
      'invalid, for its time: a clock that is behind',
      relaySaying(false, 'invalid: created_at too late'),
      wait,
    ],
    ['ahead of its moment', { order: aheadOfTime }, wait],
  ],
  own: {
    errors: {
      'E8 a clock that is behind: taken once it has come so far': comesAgain,
      'B5 what a relay wants of everybody, which preflight sees': wantsOfAll,
    },
  },
  lacks: {
    warning: NO_WARNING,
    whyDead: { why: 'there are keys, and no accounts', proof: ASKS_NOBODY.proof },
    refuse: {
      why: 'who does not sign sends nothing; another text, or a wrong signature, is refused',
      proof: async (bench) => {
        const [own, other] = [await bench.newPerson(), await bench.newPerson()];
        const asked = await bench.ask(own, 'allow', 'We ring the bell together.');
        const another = await bench.ask(own, 'allow', 'We ring another bell.');
        const { answer: stolen } = await bench.ask(other, 'allow', 'We ring the bell together.');
        const event = { ...JSON.parse(asked.answer.code ?? ''), pubkey: pubkeyIn(stolen.code) };
        for (const answer of [{}, another.answer, { code: JSON.stringify(event) }]) {
          await expect(bench.platform.exchange({ ...asked, answer })).rejects.toThrow(GrantRefused);
        }
      },
    },
    refresh: { why: 'a signed event does not end', proof: hasNoEnd },
    refreshTwice: { why: 'there are no refresh tokens', proof: hasNoEnd },
    expired: { why: 'a signed event does not end', proof: hasNoEnd },
    revoked: {
      why: 'a signature cannot be revoked; forgetting the event here is withdrawing it',
      proof: isOnlyForgotten,
    },
    revoke: {
      why: 'no relay has anything before the moment; the event is forgotten here',
      proof: isOnlyForgotten,
    },
    appLimit: {
      why: 'relays know authors, and no apps',
      proof: async (bench) => {
        const outcome = await bench.postWith('status429App', await bench.newOrder());
        expect(outcome).toMatchObject({ kind: 'wait' });
      },
    },
    appProblem: {
      why: 'relays know authors, and no apps',
      proof: async (bench) => {
        for (const fault of ['status402', 'status403Forbidden'] as const) {
          const outcome = await bench.postWith(fault, await bench.newOrder());
          expect(outcome, fault).toMatchObject(membersOnly);
        }
      },
    },
  },
});

function pubkeyIn(code = ''): string {
  return (JSON.parse(code) as { pubkey: string }).pubkey;
}

async function hasNoEnd(bench: Bench): Promise<void> {
  const { order } = await bench.newOrder();
  expect(order.grant).toMatchObject({ expiresAt: null, refreshToken: null });
  await expect(bench.platform.refresh(order.grant)).rejects.toThrow(GrantRefused);
}

/** Giving it back asks nobody anything. */
async function isOnlyForgotten(bench: Bench): Promise<void> {
  const { order, person } = await bench.newOrder();
  await bench.control.clearRecord();
  await bench.platform.revoke(order.grant);
  expect(await bench.control.record()).toEqual([]);
  expect(await bench.postsOf(person)).toEqual([]);
}

/** An event that relays take a minute from now. */
async function aheadOfTime(bench: Bench) {
  const { person, order } = await bench.newOrder();
  const moment = new Date(Date.now() + 60_000);
  const accessToken = JSON.stringify(signAs(person.handle, createTemplate(order.text, moment)));
  return { person, order: { ...order, moment, grant: { ...order.grant, accessToken } } };
}

/** Not taken by a relay whose clock has not come to its date; the same event is, a few seconds later. */
async function comesAgain(bench: Bench): Promise<void> {
  await bench.control.behaviour({ nostr: { clockOffsetSeconds: -5 } });
  try {
    const { order, person } = await bench.newOrder();
    expect(await bench.post(order)).toMatchObject({ kind: 'wait', detail: 'invalid 1' });
    expect(await bench.postsOf(person)).toEqual([]);
    const isPosted = async () => (await bench.post(order)).kind === 'posted';
    await waitFor(isPosted, { everyMs: 500, timeoutMs: 30_000, what: 'the relay to take it' });
    expect(await bench.postsOf(person)).toHaveLength(1);
  } finally {
    await bench.control.behaviour({});
  }
}

/** What nobody's post meets is the operator's move, and known before the moment. */
async function wantsOfAll(bench: Bench): Promise<void> {
  const demands = [
    ['auth_required', 'app_problem'],
    ['min_pow_difficulty', 'app_problem'],
    ['payment_required', 'relay_members_only'],
    ['restricted_writes', 'relay_members_only'],
  ] as const;
  try {
    for (const [demand, reason] of demands) {
      await bench.control.behaviour({});
      const { order, person } = await bench.newOrder();
      await bench.control.behaviour({ nostr: { demand } });
      // What a relay says of itself is remembered for a while, so each time it is another instance that asks.
      const fresh = connectNostr(bench.url, 5_000);
      atEnd(() => fresh.dispose());
      const detail = `relays open 0 of 1, ${demand} 1`;
      expect(await fresh.probe(order.grant)).toEqual({ kind: 'app_problem', detail });
      const asked = {
        ...{ redirectUri: '', state: 's', locator: '', text: order.text, locale: 'en' },
        moment: order.moment,
      };
      await expect(fresh.authorize(asked), demand).rejects.toMatchObject({ reason });
      expect(await bench.post(order), demand).toMatchObject({ kind: 'refused', reason });
      expect(await bench.postsOf(person)).toEqual([]);
    }
  } finally {
    await bench.control.behaviour({});
  }
}

/** A relay that answers every event so (NIP-01); the promise is its address. */
function relaySaying(taken: boolean, message: string): () => Promise<string> {
  return async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    server.on('connection', (socket) => {
      socket.on('message', (data) => {
        const [type, event] = JSON.parse(String(data)) as [string, { id: string }];
        if (type === 'EVENT') socket.send(JSON.stringify(['OK', event.id, taken, message]));
      });
    });
    atEnd(() => {
      for (const socket of server.clients) socket.terminate();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
}
