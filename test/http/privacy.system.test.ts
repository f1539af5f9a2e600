import { createHash } from 'node:crypto';
import { Agent, fetch as fetchFrom } from 'undici';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { type Context, createContext } from '../../src/context.ts';
import { campaignCode } from '../../src/http/campaign-code.ts';
import { createLogger } from '../../src/log.ts';
import {
  decideConsent,
  environmentFor,
  knownServer,
  PLATFORM_NAMES,
  type PlatformName,
  signConsent,
} from '../../src/simulator/client.ts';
import { migrateAt } from '../../src/store/connection/database.ts';
import { atEnd } from '../support/at-end.ts';
import { bringForward } from '../support/bring-forward.ts';
import { type Page, type PlainBrowser, plainBrowser } from '../support/browser.ts';
import { needs, testDatabase, testRedis } from '../support/database.ts';
import { dumpOf, formsOf } from '../support/dump.ts';
import { fullCampaign, tellingWords } from '../support/full-campaign.ts';
import { startNetworks } from '../support/network.ts';
import { type Child, startProcess } from '../support/process.ts';
import { openRedis } from '../support/services/redis.ts';
import { type OpenedCampaign, openCampaign } from '../support/stage.ts';
import { tempFolder } from '../support/temp.ts';
import { waitFor } from '../support/wait-for.ts';
import { cookieHeader } from './operator.ts';

/** The address that the connection itself comes from; elsewhere than on Linux it is the only one there is. */
const SOURCE = process.platform === 'linux' ? '127.77.41.9' : null;
/** What a browser and the proxies before us say of somebody. */
const HEADERS = {
  'user-agent': 'CanaryPhone/7.3 (Beacon Of Samara)',
  'x-forwarded-for': '2001:db8:77:41::beef, 203.0.113.77',
  forwarded: 'for="[2001:db8:77:41::cafe]"',
  'x-real-ip': '198.51.100.141',
  referer: 'https://canary-mail.example/inbox/4711',
  'sec-ch-ua-model': '"CanaryModel"',
} as const;
const ADDRESS = 'canary.supporter@example.org';
const CANARIES = [
  'CanaryPhone',
  'Beacon Of Samara',
  '2001:db8:77:41',
  '203.0.113.77',
  '198.51.100.141',
  'canary-mail',
  'CanaryModel',
  ADDRESS,
  'canary-campaign-of-the-mail',
  ...(SOURCE ? [SOURCE] : []),
];

/** A page as it was come to. */
interface Visit {
  kind: string;
  personal: boolean;
  page: Page;
}

needs('postgres', 'redis')('a supporter', () => {
  let networks: Awaited<ReturnType<typeof startNetworks>>;
  let child: Child;
  let ctx: Context;
  let url: string;
  let campaign: OpenedCampaign;
  let telling: string[];
  let dump: string;
  /** Every command that Redis was given, by anybody. */
  const commands: string[] = [];
  const visits: Visit[] = [];

  beforeAll(async () => {
    networks = await startNetworks(PLATFORM_NAMES);
    await start();
    const document = await fullCampaign();
    campaign = await openCampaign({ ctx, url }, { document });
    telling = tellingWords(campaign.slug, document);
    comeFromElsewhere();
    const joined = await wholeJourney();
    await comes();
    await waitFor(
      async () => (await joined.browser.get(joined.receipt)).html.includes('"posted"'),
      {
        timeoutMs: 60_000,
        everyMs: 300,
        what: 'the post',
      },
    );
    visit('receipt, posted', true, await joined.browser.get(joined.receipt));
    vi.unstubAllGlobals();
    dump = await dumpOf(ctx.db);
    // Whatever it was about to say, it has said.
    await child.stop();
  }, 200_000);

  /** The moment is moved up, as if everybody had joined shortly before it; the sweep finds that. */
  async function comes(): Promise<void> {
    campaign = await bringForward(ctx, campaign, 4_000);
  }

  async function start(): Promise<void> {
    const redis = await testRedis();
    const watcher = await openRedis(redis.url);
    const monitor = await watcher.monitor();
    // A monitor hears every database of the server; the others belong to other tests.
    const ours = String(redis.db);
    monitor.on('monitor', (_time: string, args: string[], _source: string, database: string) => {
      if (database === ours) commands.push(args.join(' '));
    });
    atEnd(() => {
      // Destroyed first: after `disconnect` the client would take a monitor line that still arrives for an unexpected reply, and throw.
      monitor.stream.destroy();
      monitor.disconnect();
      watcher.disconnect();
    });
    const environment = {
      ...environmentFor(new Map([...networks].map(([name, network]) => [name, network.url]))),
      DATABASE_URL: (await testDatabase(migrateAt)).url,
      REDIS_URL: redis.url,
      DATA_DIR: await tempFolder('privacy'),
      PORT: '0',
      TRUST_PROXY: 'loopback',
      SOLE_OPERATOR: 'true',
      LOCK_LEAD_SECONDS: '2',
      ARM_LEAD_SECONDS: '1.5',
    };
    child = await startProcess({
      args: ['src/main.ts'],
      env: { ...environment, LOG_LEVEL: 'trace' },
    });
    url = (await child.line(/^Tocsin is ready at (\S+)$/, { timeoutMs: 60_000 }))[1] ?? '';
    const config = loadConfig({ ...environment, LOG_LEVEL: 'silent', BASE_URL: url });
    ctx = await createContext(config, createLogger(config), new AbortController().signal);
    atEnd(() => ctx.dispose());
  }

  /** From here on everything that is asked of anybody comes from the canary. */
  function comeFromElsewhere(): void {
    const agent = new Agent(SOURCE ? { connect: { localAddress: SOURCE } } : {});
    atEnd(() => agent.close());
    vi.stubGlobal('fetch', (input: string | URL, init: RequestInit = {}) => {
      const headers = { ...Object.fromEntries(new Headers(init.headers)), ...HEADERS };
      const given = { ...init, headers, dispatcher: agent } as Parameters<typeof fetchFrom>[1];
      return fetchFrom(input, given);
    });
  }

  function visit(kind: string, personal: boolean, page: Page): Page {
    expect(page.status, `${kind}: ${page.text.slice(0, 200)}`).toBeLessThan(300);
    visits.push({ kind, personal, page });
    return page;
  }

  /** Over every page there is, on every platform there is. */
  async function wholeJourney(): Promise<{ browser: PlainBrowser; receipt: string }> {
    const browser = plainBrowser('ru');
    visit('home', false, await browser.get(url));
    const named = `${campaign.url}?utm_campaign=canary-campaign-of-the-mail`;
    visit('campaign', false, await browser.get(named));
    const code = campaignCode(campaign.id);
    visit('before', true, await browser.get(`${url}/join/${code}`));
    visit('words', true, await browser.get(`${url}/join/${code}/words`));
    await leaveAddress(browser, code);
    expect([...browser.cookies], 'whoever only looks gets no cookie').toEqual([]);
    visit('account', true, await browser.chooseWords(campaign.url));
    let receipt = '';
    for (const platform of PLATFORM_NAMES) receipt = await join(platform);
    return { browser, receipt };
  }

  /** Leaves an address, confirms it, and looks at how it would be erased. */
  async function leaveAddress(browser: PlainBrowser, code: string): Promise<void> {
    const assisted = visit('assisted', true, await browser.get(`${url}/at/${code}`));
    visit(
      'assisted, mail',
      true,
      await browser.submit(assisted, '/reminder', { address: ADDRESS }),
    );
    const reminder = await ctx.db.selectFrom('reminder').select('id').executeTakeFirstOrThrow();
    const link = `${url}/m/${ctx.vault.reminderToken(reminder.id)}`;
    const asked = visit('reminder', true, await browser.get(link));
    visit('reminder, confirmed', true, await browser.submit(asked, '/confirm'));
    visit('reminder, to be erased', true, await browser.get(`${link}/erase`));
  }

  /** Joins on a platform, as somebody with several pages where there are such; gives the receipt's address. */
  async function join(platform: PlatformName): Promise<string> {
    const browser = plainBrowser('fr');
    const handle = platform === 'facebook' ? 'editor_7' : `canary_${platform}`.slice(0, 15);
    const network = networks.get(platform);
    await network?.control.createAccounts({ accounts: [{ handle }] });
    const where = knownServer(platform, network?.url ?? '', handle);
    const fields = { platform, ...(where === '' ? {} : { [`where_${platform}`]: where }) };
    const asked = await browser.startJoining(campaign.url, fields);
    const isOurs = new URL(asked).origin === url;
    if (isOurs) visit('sign', true, await browser.get(asked));
    const back = isOurs
      ? new URL((await signConsent(asked, handle, cookieHeader(browser))) ?? '', url).href
      : await decideConsent(asked, handle);
    let page = await browser.get(back);
    if (new URL(page.url).pathname.startsWith('/choose/')) {
      page = await browser.submit(visit('choose', true, page), '/choose', { choice: '1' });
    }
    visit(`receipt, ${platform}`, true, page);
    expect(page.html).toContain('data-state="pledged"');
    return page.url;
  }

  it('has been everywhere', () => {
    const kinds = new Set(visits.map(({ kind }) => kind));
    for (const kind of ['before', 'words', 'account', 'choose', 'sign', 'assisted', 'reminder']) {
      expect(kinds).toContain(kind);
    }
    for (const platform of PLATFORM_NAMES) expect(kinds).toContain(`receipt, ${platform}`);
    expect(kinds).toContain('receipt, posted');
  });

  describe('leaves no trace of where they came from (P1)', () => {
    const hits = (where: string): string[] =>
      CANARIES.filter((canary) => formsOf(canary).some((form) => where.includes(form)));

    it('in the records', () => {
      expect(dump).toContain(campaign.slug);
      const rows = dump.split('\n').length;
      expect(rows).toBeGreaterThan(20);
      expect(hits(dump)).toEqual([]);
      // Nor as a hash, with which somebody could ask "was it this one?".
      for (const canary of CANARIES.filter((one) => one !== ADDRESS)) {
        const hash = createHash('sha256').update(canary).digest('hex');
        expect([canary, dump.includes(hash)]).toEqual([canary, false]);
      }
    });

    it('in Redis, not even for an instant', () => {
      expect(commands.length).toBeGreaterThan(50);
      expect(commands.join('\n')).toContain('bull');
      expect(hits(commands.join('\n'))).toEqual([]);
    });

    it('in the log, at its most talkative', () => {
      expect(child.output()).toContain('is ready at');
      expect(child.output()).toContain('"level"');
      expect(hits(child.output())).toEqual([]);
    });
  });

  it('is named no campaign by the title or address of a personal page', () => {
    const personal = visits.filter((one) => one.personal);
    expect(personal.length).toBeGreaterThan(15);
    for (const { kind, page } of personal) {
      const title = /<title>([^<]*)<\/title>/.exec(page.html)?.[1] ?? '';
      expect([kind, title.length > 0]).toEqual([kind, true]);
      const said = `${title} ${decodeURIComponent(page.url)}`.toLowerCase();
      expect([kind, telling.filter((word) => said.includes(word))]).toEqual([kind, []]);
      expect(page.html, kind).toContain('name="robots" content="noindex"');
      expect([kind, page.headers.get('cache-control')]).toEqual([kind, 'no-store']);
      expect([kind, page.headers.get('referrer-policy')]).toEqual([kind, 'no-referrer']);
      // No preview for whoever passes the address on.
      expect(page.html, kind).not.toContain('property="og:');
    }
  });

  it('meets nothing of anybody else’s on any page (S13)', () => {
    for (const { kind, page } of visits) {
      const loaded = page.html.matchAll(
        /<(?:script|link|img|source|iframe|video|audio|embed|object|form|use)\b[^>]*?\s(?:src|srcset|href|action|data|poster)="([^"]*)"/g,
      );
      for (const [tag, address = ''] of loaded) {
        // Search engines are told the whole address of a public page.
        const { origin } = new URL(address.split(/[\s,]/)[0] ?? '', page.url);
        expect([kind, tag, origin]).toEqual([kind, tag, url]);
      }
      expect(page.html, kind).not.toMatch(/<style|\sstyle=|<script(?![^>]* src=)|\son[a-z]+="/i);
      const policy = page.headers.get('content-security-policy') ?? '';
      expect(policy, kind).toContain(`default-src 'none'`);
      // The page with the platforms' buttons alone leads to them, and nothing at all is loaded from them.
      const others = policy.split(';').filter((part) => /https?:/.test(part));
      const formsOnly = others.every((part) => part.trim().startsWith('form-action'));
      expect([kind, formsOnly]).toEqual([kind, true]);
      if (kind !== 'account') expect([kind, others]).toEqual([kind, []]);
    }
  });
});
