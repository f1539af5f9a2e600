import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { showIntent } from '../../src/actions/join/show-intent.ts';
import { startJoin } from '../../src/actions/join/start-join.ts';
import { textHash } from '../../src/domain/consent.ts';
import { decideConsent, knownServer, type PlatformName } from '../../src/simulator/client.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { FUZZ_RUNS } from '../support/fuzz.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';

/** Ways back that are forged, each some fifteen times: about 500 returns a day, and 50,000 with FUZZ=100. */
const RUNS = Math.ceil(FUZZ_RUNS / 3);
const MAX_RUN_MS = 2_000;
const NETWORKS = ['x', 'mastodon', 'bluesky'] as const satisfies readonly PlatformName[];
type NetworkName = (typeof NETWORKS)[number];

/** Somebody on their way back: all that makes the return theirs. */
interface Return {
  network: NetworkName;
  path: string;
  query: URLSearchParams;
  cookie: string;
}

/** What a mutation may take from: another return that is as good as this one, a return that was used up, and chance. */
interface Others {
  other: Return;
  used: Return;
  noise: string;
}

const COOKIE = 'tocsin_browser';

/** Each leaves a return that must not be accepted, or null where it would change nothing on this network. */
const MUTATIONS: Record<string, (back: Return, others: Others) => Return | null> = {
  ...Object.fromEntries(
    (['state', 'code'] as const).flatMap((name) => [
      [`${name} left out`, (back: Return) => changed(back, name, null)],
      [`${name} empty`, (back: Return) => changed(back, name, '')],
      [`${name} made up`, (back: Return, { noise }: Others) => changed(back, name, noise)],
      [
        `${name} with a letter more`,
        (back: Return) => changed(back, name, `${back.query.get(name)}A`),
      ],
      [
        `${name} cut`,
        (back: Return) => changed(back, name, (back.query.get(name) ?? '').slice(0, -1)),
      ],
      [`${name} twice`, (back: Return) => doubled(back, name)],
      [`${name} as a list`, (back: Return) => renamed(back, name, `${name}[]`)],
      [`${name} in capitals`, (back: Return) => renamed(back, name, name.toUpperCase())],
      [
        `${name} of another flow`,
        (back: Return, { other }: Others) => changed(back, name, other.query.get(name)),
      ],
      [
        `${name} of a flow that was used`,
        (back: Return, { used }: Others) => changed(back, name, used.query.get(name)),
      ],
    ]),
  ),
  'iss left out': (back) => (back.network === 'bluesky' ? changed(back, 'iss', null) : null),
  'iss of a stranger': (back) =>
    back.network === 'x' ? null : changed(back, 'iss', 'https://elsewhere.example'),
  'iss with a slash': (back) =>
    back.network === 'bluesky' ? changed(back, 'iss', `${back.query.get('iss')}/`) : null,
  'no cookie': (back) => ({ ...back, cookie: '' }),
  'another browser’s cookie': (back, { other }) => ({ ...back, cookie: other.cookie }),
  'a made-up cookie': (back, { noise }) => ({ ...back, cookie: `${COOKIE}=${noise}` }),
  'the cookie under another name': (back) => ({ ...back, cookie: `x${back.cookie}` }),
  'an empty cookie': (back) => ({ ...back, cookie: `${COOKIE}=` }),
  'another network’s address': (back, { other }) => ({
    ...back,
    path: other.network === back.network ? '/callback/threads' : other.path,
  }),
  'a part of chance': (back, { noise }) => ({
    ...back,
    path: `/callback/${back.network}/${noise.slice(0, 22)}`,
  }),
  'one part less': (back) =>
    back.network === 'mastodon' ? { ...back, path: '/callback/mastodon' } : null,
  'the part in capitals': (back) => {
    const path = back.path.replace(/[^/]+$/, (part) => part.toUpperCase());
    return back.network === 'mastodon' && path !== back.path ? { ...back, path } : null;
  },
  'an error beside the code': (back) => changed(back, 'error', 'access_denied'),
  'a used one once more': (_back, { used }) => used,
  'a used one in this browser': (back, { used }) => ({ ...used, cookie: back.cookie }),
};

/** Those that use nothing up, so that the same way back can be forged once more. */
const KEEPING = Object.keys(MUTATIONS).filter(
  (name) => name.startsWith('state ') || name.includes('cookie'),
);
const USING_UP = Object.keys(MUTATIONS).filter((name) => !KEEPING.includes(name));

function changed(back: Return, name: string, value: string | null): Return | null {
  if (value === back.query.get(name)) return null;
  const query = new URLSearchParams(back.query);
  if (value === null) query.delete(name);
  else query.set(name, value);
  return { ...back, query };
}

function doubled(back: Return, name: string): Return {
  const query = new URLSearchParams(back.query);
  query.append(name, back.query.get(name) ?? '');
  return { ...back, query };
}

function renamed(back: Return, name: string, other: string): Return {
  const query = new URLSearchParams(back.query);
  query.set(other, query.get(name) ?? '');
  query.delete(name);
  return { ...back, query };
}

needs('postgres')('returns from a network', () => {
  let stage: TestStage;
  let campaign: OpenedCampaign;
  let intentToken: string;
  let shownHash: string;
  const used = new Map<NetworkName, Return>();
  const spare: Return[] = [];
  let people = 0;
  beforeAll(async () => {
    stage = await startStage({ platforms: [...NETWORKS] });
    campaign = await stage.open();
    const page = await plainBrowser().chooseWords(campaign.url);
    intentToken = new URL(page.url).pathname.split('/').at(-1) ?? '';
    shownHash = textHash((await showIntent(stage.instance.ctx, { intentToken, browser: '' })).text);
    for (const network of NETWORKS) {
      const back = await returning(network);
      expect(await accepts(back), network).toBe(true);
      used.set(network, back);
    }
  });
  afterAll(() => spare.splice(0));

  /** Somebody of their own who has authorized, and has not come back yet. */
  async function returning(network: NetworkName): Promise<Return> {
    const { ctx } = stage.instance;
    people += 1;
    const handle = `p${people}`;
    const site = stage.networks.get(network);
    if (!site) throw new Error(`${network} is not simulated`);
    await site.control.createAccounts({ accounts: [{ handle }] });
    const browser = randomBytes(32).toString('base64url');
    const where = knownServer(network, site.url, handle);
    const started = await startJoin(ctx, {
      ...{ intentToken, platform: network, locale: 'en', locator: where, shownHash, browser },
    });
    if (started.kind !== 'authorize') throw new Error(`Joining gave ${started.kind}`);
    const back = new URL(await decideConsent(started.url, handle));
    return {
      ...{ network, path: back.pathname, query: back.searchParams },
      cookie: `${COOKIE}=${browser}`,
    };
  }

  async function accepts({ path, query, cookie }: Return): Promise<boolean> {
    const response = await fetch(`${stage.url}${path}?${query}`, {
      redirect: 'manual',
      headers: cookie === '' ? {} : { cookie },
    });
    await response.arrayBuffer();
    expect(response.status).not.toBe(500);
    return response.status === 303;
  }

  const pledges = async (): Promise<number> => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from pledge`.execute(
      stage.instance.ctx.db,
    );
    return rows[0]?.n ?? -1;
  };

  it('S1 are refused however they are forged', {
    timeout: 60_000 + RUNS * MAX_RUN_MS,
  }, async () => {
    let forgeries = 0;
    const before = await pledges();
    // A receipt that exists already is shown again to the browser that it was made in; that is no new one.
    const again = new Set(['a used one once more']);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...NETWORKS),
        fc.constantFrom(...NETWORKS),
        fc.constantFrom(...USING_UP),
        fc.string({ unit: fc.constantFrom(...'abcXYZ019-_'), minLength: 43, maxLength: 43 }),
        async (network, otherNetwork, name, noise) => {
          const back = await returning(network);
          const other = spare.pop() ?? (await returning(otherNetwork));
          const others = { other, used: used.get(network) as Return, noise };
          for (const one of [...KEEPING, name]) {
            const forged = MUTATIONS[one]?.(back, others) ?? null;
            if (!forged) continue;
            forgeries += 1;
            const accepted = await accepts(forged);
            if (!again.has(one)) expect(accepted, `${network}: ${one}`).toBe(false);
          }
          spare.push(other);
          expect(await pledges(), `${network}: ${name}`).toBe(before);
        },
      ),
      { numRuns: RUNS },
    );
    expect(forgeries).toBeGreaterThan(10 * RUNS);
    // And what was not touched is taken: the loop could have failed.
    for (const network of NETWORKS) expect(await accepts(await returning(network))).toBe(true);
    expect(await pledges()).toBe(before + NETWORKS.length);
  });

  it('S1 does not finish a stranger’s sign-in in the browser of another person', async () => {
    for (const network of NETWORKS) {
      const [attacker, victim] = [await returning(network), await returning(network)];
      const before = await pledges();
      expect(await accepts({ ...attacker, cookie: victim.cookie }), network).toBe(false);
      expect(await pledges()).toBe(before);
      // It used nothing up: each still ends where it began.
      expect([await accepts(attacker), await accepts(victim)], network).toEqual([true, true]);
    }
  });

  it('S1 takes no browser’s secret that it has not made', async () => {
    for (const planted of ['known', 'a'.repeat(42), `${'a'.repeat(43)}!`, '%00', '']) {
      const browser = plainBrowser();
      browser.cookies.set(COOKIE, planted);
      await browser.startJoining(campaign.url, { platform: 'x' });
      expect(browser.cookies.get(COOKIE), planted).toMatch(/^[\w-]{43}$/);
      expect(browser.cookies.get(COOKIE)).not.toBe(planted);
    }
  });
});

needs('postgres')('a site that is served by https', () => {
  it('S1 lets no neighbour plant the secret that ties a sign-in to a browser', async () => {
    const stage = await startStage({ environment: { BASE_URL: 'https://tocsin.example' } });
    const campaign = await stage.open();
    const port = new URL(stage.instance.ctx.config.http.baseUrl ?? '').port;
    expect(port).toBe('');
    const planted = randomBytes(32).toString('base64url');
    const names = ['tocsin_browser', '__Host-tocsin_browser'];
    const { readBrowser: browserOf } = await import('../../src/http/cookies.ts');
    const read = (cookies: Record<string, string>) =>
      browserOf(stage.instance.ctx, { cookies } as never).secret;
    // Another host of the same domain can set a cookie of the plain name, and never one that begins with __Host-.
    expect(read({ [names[0] as string]: planted })).not.toBe(planted);
    expect(read({ [names[1] as string]: planted })).toBe(planted);
    expect(campaign.slug).not.toBe('');
  });
});
