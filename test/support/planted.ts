import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { loadConfig } from '../../config/config.ts';
import { exportLedger } from '../../src/actions/ledger/export-ledger.ts';
import { openPledgeContent } from '../../src/actions/pledge/receipt-access.ts';
import { type Context, createContext } from '../../src/context.ts';
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
import { linkTo, namesDocument, proposeOwn } from '../http/on-page.ts';
import { cookieHeader } from '../http/operator.ts';
import { postsOf } from './armed.ts';
import { atEnd } from './at-end.ts';
import { bringForward } from './bring-forward.ts';
import { type Page, type PlainBrowser, plainBrowser } from './browser.ts';
import { testDatabase, testRedis } from './database.ts';
import { dumpOf, formsOf } from './dump.ts';
import { startNetworks } from './network.ts';
import type { Network } from './networks.ts';
import { startProcess } from './process.ts';
import { openRedis } from './services/redis.ts';
import { type OpenedCampaign, openCampaign } from './stage.ts';
import { tempFolder } from './temp.ts';
import { waitFor } from './wait-for.ts';

/** Something that leads to a person, or is their words, and what it is. */
export interface Planted {
  what: string;
  value: string;
}

/**
 * A whole instance, in a process of its own on PostgreSQL and Redis, and people on every network who leave there all that can be
 * left. What they left must then be nowhere in clear.
 */
export interface PlantedInstance {
  ctx: Context;
  url: string;
  campaign: OpenedCampaign;
  networks: ReadonlyMap<PlatformName, Network>;
  /** Receipts, by handle. */
  receipts: ReadonlyMap<string, Page>;
  /** All that was left so far: with every post there is by now. */
  planted(): Promise<Planted[]>;
  /** What of it can be read in a text, in any form. */
  hits(text: string): Promise<Planted[]>;
  dump(): Promise<string>;
  /** Every command that Redis was given, by anybody. */
  commands: readonly string[];
  log(): string;
  /** Every file in the data folder. */
  files(): Promise<string>;
  export(): Promise<string>;
  /** Waits for the moment and until the campaign is settled; `during` is called over and over meanwhile. */
  burst(during: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** In every word that is planted, and in nothing else. */
export const TOKEN = `zq${randomBytes(4).toString('hex')}`;

const DOCUMENT = { ...namesDocument, own_words: true };

/** `each`: how many people there are on each network. The moment is some seconds ahead when this returns. */
export async function startPlanted(each: number): Promise<PlantedInstance> {
  const networks = await startNetworks(PLATFORM_NAMES);
  const redis = await testRedis();
  const commands = await watchRedis(redis);
  const dataDir = await tempFolder('planted');
  const environment = {
    ...environmentFor(new Map([...networks].map(([name, network]) => [name, network.url]))),
    DATABASE_URL: (await testDatabase(migrateAt)).url,
    REDIS_URL: redis.url,
    DATA_DIR: dataDir,
    PORT: '0',
    SOLE_OPERATOR: 'true',
    LOCK_LEAD_SECONDS: '2',
    ARM_LEAD_SECONDS: '1.5',
    RECONCILE_DELAY_SECONDS: '5',
  };
  const child = await startProcess({
    args: ['src/main.ts'],
    env: { ...environment, LOG_LEVEL: 'trace' },
  });
  const url = (await child.line(/^Tocsin is ready at (\S+)$/, { timeoutMs: 120_000 }))[1] ?? '';
  const config = loadConfig({ ...environment, LOG_LEVEL: 'silent', BASE_URL: url });
  const ctx = await createContext(config, createLogger(config), new AbortController().signal);
  atEnd(() => ctx.dispose());
  const campaign = await openCampaign({ ctx, url }, { document: DOCUMENT });
  const people = new People(ctx, url, campaign, networks);
  const joinAll = async (names: readonly PlatformName[]): Promise<void> => {
    for (const name of names) for (let n = 0; n < each; n++) await people.join(name, n);
  };
  await joinAll(PLATFORM_NAMES.filter((name) => name !== 'nostr'));
  await people.change();
  await people.stayUnderWay();
  // What is signed there is signed for its very moment, which is not moved any more.
  await bringForward(ctx, campaign, 20_000 + each * 500);
  await joinAll(['nostr']);
  return {
    ...{ ctx, url, campaign, networks, commands, receipts: people.receipts },
    planted: () => people.planted(),
    hits: async (text) => {
      const planted = await people.planted();
      return planted.filter(({ value }) => formsOf(value).some((form) => text.includes(form)));
    },
    dump: () => dumpOf(ctx.db),
    log: () => child.output(),
    files: async () => {
      const names = await readdir(dataDir, { recursive: true, withFileTypes: true });
      const files = names.filter((one) => one.isFile());
      const read = files.map((one) => readFile(join(one.parentPath, one.name), 'latin1'));
      return (await Promise.all(read)).join('\n');
    },
    export: async () => {
      let whole = '';
      for await (const piece of (await exportLedger(ctx, { slug: campaign.slug })).text) {
        whole += piece;
      }
      return whole;
    },
    burst: (during) => burst(ctx, campaign, during),
    stop: async () => void (await child.stop()),
  };
}

/** Every command to the test's own Redis database from now on. */
async function watchRedis(redis: { url: string; db: number }): Promise<string[]> {
  const commands: string[] = [];
  const watcher = await openRedis(redis.url);
  const monitor = await watcher.monitor();
  monitor.on('monitor', (_time: string, args: string[], _source: string, database: string) => {
    if (database === String(redis.db)) commands.push(args.join(' '));
  });
  atEnd(() => {
    // Destroyed first: after `disconnect` the client would take a monitor line that still arrives for an unexpected reply.
    monitor.stream.destroy();
    monitor.disconnect();
    watcher.disconnect();
  });
  return commands;
}

async function burst(
  ctx: Context,
  campaign: OpenedCampaign,
  during: () => Promise<void>,
): Promise<void> {
  const stateOf = async (): Promise<string> => {
    const row = await ctx.db
      .selectFrom('campaign')
      .select('state')
      .where('id', '=', campaign.id)
      .executeTakeFirstOrThrow();
    return row.state;
  };
  await waitFor(
    async () => {
      await during();
      return (await stateOf()) === 'settled';
    },
    { timeoutMs: 120_000, everyMs: 200, what: 'the campaign to be settled' },
  );
}

class People {
  readonly receipts = new Map<string, Page>();
  readonly #browsers = new Map<string, PlainBrowser>();
  readonly #left: Planted[] = [];

  readonly ctx: Context;
  readonly url: string;
  readonly campaign: OpenedCampaign;
  readonly networks: ReadonlyMap<PlatformName, Network>;

  constructor(
    ctx: Context,
    url: string,
    campaign: OpenedCampaign,
    networks: ReadonlyMap<PlatformName, Network>,
  ) {
    this.ctx = ctx;
    this.url = url;
    this.campaign = campaign;
    this.networks = networks;
    for (const name of ['mastodon', 'bluesky'] as const) {
      this.#note('server', new URL(networks.get(name)?.url ?? '').host);
    }
  }

  #note(what: string, value: string): string {
    this.#left.push({ what, value });
    return value;
  }

  /** Words of their own, or what is typed into the blank of the campaign's. */
  #words(handle: string, own: boolean): Record<string, string> {
    return own
      ? {
          wording: 'own',
          own: this.#note('own words', `Words ${TOKEN} that ${handle} wrote, “ünï”`),
        }
      : { name: this.#note('typed', `Zoë ${TOKEN} ${handle.slice(-8)}`) };
  }

  async join(platform: PlatformName, n: number): Promise<void> {
    const handle = this.#note('handle', `${TOKEN}${platform.slice(0, 2)}${n}`);
    const network = this.networks.get(platform);
    await network?.control.createAccounts({ accounts: [{ handle }] });
    if (platform === 'x' && n === 1)
      await network?.control.fault(handle, 'posts', 'status403Suspended');
    const browser = plainBrowser(n % 2 === 0 ? 'en' : 'ru');
    const account = await browser.chooseWords(this.campaign.url, this.#words(handle, n % 2 === 0));
    const asked = await browser.submit(account, '/join', this.#where(platform, handle));
    const isOurs = new URL(asked.url).origin === this.url;
    if (isOurs && !asked.url.includes('/sign/')) throw new Error(`${platform}: ${asked.text}`);
    const back = isOurs
      ? new URL((await signConsent(asked.url, handle, cookieHeader(browser))) ?? '', this.url).href
      : await decideConsent(asked.url, handle);
    let page = await browser.get(back);
    if (new URL(page.url).pathname.startsWith('/choose/')) {
      page = await browser.submit(page, '/choose', { choice: '0' });
    }
    if (!page.html.includes('data-state="pledged"')) throw new Error(`${platform}: ${page.text}`);
    this.receipts.set(handle, page);
    this.#browsers.set(handle, browser);
  }

  #where(platform: PlatformName, handle: string): Record<string, string> {
    const where = knownServer(platform, this.networks.get(platform)?.url ?? '', handle);
    return where === '' ? { platform } : { platform, [`where_${platform}`]: where };
  }

  /** One changes their text, one withdraws, one says the same again with other words. */
  async change(): Promise<void> {
    const [edits = '', withdraws = ''] = ['x', 'mastodon'].map((platform) => {
      return `${TOKEN}${platform.slice(0, 2)}0`;
    });
    const { browser, receipt } = this.#of(edits);
    const own = this.#note('edited words', `Other words ${TOKEN} that ${edits} wrote`);
    const proposed = await proposeOwn(browser, receipt, own);
    this.receipts.set(edits, await browser.submit(proposed, '/agree'));
    const other = this.#of(withdraws);
    await other.browser.submit(other.receipt, '/withdraw');
    // Nothing of it is left to be shown.
    this.receipts.delete(withdraws);
  }

  #of(handle: string): { browser: PlainBrowser; receipt: Page } {
    const [browser, receipt] = [this.#browsers.get(handle), this.receipts.get(handle)];
    if (!browser || !receipt) throw new Error(`${handle} has not joined`);
    return { browser, receipt };
  }

  /** Those who never arrive: with words alone, on their way to a network, and with the name of a server that is none. */
  async stayUnderWay(): Promise<void> {
    const words = plainBrowser();
    await words.chooseWords(this.campaign.url, this.#words('somebody without account', true));
    const flow = plainBrowser();
    const account = await flow.chooseWords(
      this.campaign.url,
      this.#words('somebody under way', true),
    );
    await flow.submit(account, '/join', { platform: 'x' });
    const typed = plainBrowser();
    const asked = await typed.chooseWords(this.campaign.url, this.#words('somebody lost', false));
    const where = this.#note('typed server', `only-typed-${TOKEN}.invalid`);
    await typed.submit(asked, '/join', { platform: 'mastodon', where_mastodon: where });
    const there = plainBrowser();
    const again = await there.chooseWords(
      this.campaign.url,
      this.#words('somebody undecided', false),
    );
    await there.submit(again, '/join', this.#where('mastodon', ''));
    linkTo(again, '/words');
  }

  async planted(): Promise<Planted[]> {
    const found = [...this.#left];
    for (const [platform, { control }] of this.networks) {
      for (const { id, handle } of await control.accounts()) {
        if (handle.includes(TOKEN) && id.length > 7) {
          found.push({ what: `account of ${platform}`, value: id });
        }
      }
      for (const { id } of await control.posts())
        found.push({ what: `post of ${platform}`, value: id });
    }
    const { ctx } = this;
    const pledges = await ctx.db.selectFrom('pledge').selectAll().execute();
    for (const pledge of pledges.filter(({ sealed }) => sealed.length > 0)) {
      const { account, text, textHash } = await openPledgeContent(ctx, pledge);
      found.push({ what: 'account', value: account.id }, { what: 'text', value: text });
      found.push({ what: 'hash of the text', value: textHash });
    }
    for (const { url, id } of (await postsOf(ctx, this.campaign.id)).values()) {
      if (id !== null) found.push({ what: 'post', value: id });
      if (url !== null) found.push({ what: 'address of the post', value: url });
    }
    const values = new Map(found.reverse().map((one) => [one.value, one]));
    // A whole text that the campaign gives to everybody leads to nobody.
    const { rows } = await sql<{ content: string }>`
      select content::text as content from campaign where id = ${this.campaign.id}`.execute(ctx.db);
    return [...values.values()].filter(({ value }) => !rows[0]?.content.includes(value));
  }
}
