import { sql } from 'kysely';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { followReminder } from '../../src/actions/reminder/follow-reminder.ts';
import { requestReminder } from '../../src/actions/reminder/request-reminder.ts';
import { campaignCode } from '../../src/http/campaign-code.ts';
import { PLATFORM_NAMES } from '../../src/simulator/client.ts';
import { LOCALES } from '../../src/web/index.ts';
import { createInspector, WIDTHS } from '../browser/inspect.ts';
import { TAKE_TEXT, takeJourney, toWords, withSigner } from '../browser/journey.ts';
import { comeIn, openBrowser, type Visitor } from '../browser/visitor.ts';
import { sealAsDecided } from '../support/bring-forward.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { fullCampaign, tellingWords } from '../support/full-campaign.ts';
import { pairwise, type Row } from '../support/pairwise.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';

/*
 * Every platform, language, width, colour, with and without scripts. Their product has 1,344 journeys of seven pages; here any
 * two values of any two of them meet in at least one journey (see pairwise.ts), and what of a page depends on fewer of them is
 * looked at once for those (see inspect.ts).
 */
const DIMENSIONS = {
  platform: PLATFORM_NAMES,
  locale: LOCALES,
  scripts: [true, false],
  width: WIDTHS,
  colorScheme: ['light', 'dark'],
  words: ['message', 'variant', 'own'],
} as const;
const SEED = 5;
/** So many at once: two cores have work for them while one waits for a page. */
const AT_ONCE = 3;
const HEIGHT = 740;
const DAY_MS = 86_400_000;
const TIME_MS = 400_000;
const OWN = 'No one was charged. أنا أيضًا لا أصمت. Я тоже не молчу. 👩‍👩‍👧';

/** Where the pages are that stand on no journey. */
interface Places {
  stage: TestStage;
  open: OpenedCampaign;
  /** A campaign whose moment has come. */
  now: OpenedCampaign;
  locked: OpenedCampaign;
  over: OpenedCampaign;
  called_off: OpenedCampaign;
  /** Of somebody who joined the open one on X. */
  receipt: string;
  reminders: { asked: string; confirmed: string };
}

interface OtherPage {
  kind: string;
  personal: boolean;
  /** Leads a browser to it. */
  go: (page: Page, places: Places) => Promise<unknown>;
}

const at = (kind: string, personal: boolean, path: (places: Places) => string): OtherPage => ({
  kind,
  personal,
  go: (page, places) => page.goto(places.stage.url + path(places)),
});

/** Every page for supporters that stands on no journey. A new page is a line here. */
const OTHER_PAGES: readonly OtherPage[] = [
  at('home', false, () => '/'),
  at('share', false, ({ open }) => `/c/${open.slug}/share`),
  at('share, own server', false, ({ open }) => `/c/${open.slug}/share?server=chaos.example`),
  at('widget', false, ({ open }) => `/c/${open.slug}/widget`),
  at('widget, over', false, ({ over }) => `/c/${over.slug}/widget`),
  at('campaign, locked', false, ({ locked }) => `/c/${locked.slug}`),
  at('campaign, settled', false, ({ over }) => `/c/${over.slug}`),
  at('campaign, called off', false, ({ called_off }) => `/c/${called_off.slug}`),
  at('assisted', true, ({ open }) => `/at/${campaignCode(open.id)}`),
  at('assisted, at the moment', true, ({ now }) => `/at/${campaignCode(now.id)}`),
  at('assisted, called off', true, ({ called_off }) => `/at/${campaignCode(called_off.id)}`),
  at('reminder, to be confirmed', true, ({ reminders }) => `/m/${reminders.asked}`),
  at('reminder, confirmed', true, ({ reminders }) => `/m/${reminders.confirmed}`),
  at('reminder, to be erased', true, ({ reminders }) => `/m/${reminders.confirmed}/erase`),
  at('reminder, erased', true, () => '/m/gone'),
  {
    kind: 'receipt, other words',
    personal: true,
    async go(page, { receipt }) {
      await page.goto(receipt);
      await page.locator('main a[href*="/edit/"]').first().click();
      await page.locator('main[data-state="words"]').waitFor();
    },
  },
  {
    kind: 'receipt, change',
    personal: true,
    async go(page, { receipt }) {
      await page.goto(receipt);
      await page.locator('main a[href*="/edit/"]').first().click();
      await page.locator('input[name="wording"]').nth(1).check({ force: true });
      await page.locator(TAKE_TEXT).click();
      await page.locator('main[data-state="change"]').waitFor();
    },
  },
  at('nothing here', true, () => '/nowhere'),
  at('receipt that is gone', true, () => '/r/gone'),
  at('words that are gone', true, () => '/i/gone'),
  {
    kind: 'words, refused',
    personal: true,
    async go(page, { open }) {
      await toWords(page, open.url);
      await page.locator('input[name="wording"][value="own"]').check({ force: true });
      await page.locator('textarea[name="own"]').fill('');
      await page.locator(TAKE_TEXT).click();
      await page.locator('#problem-own').waitFor();
    },
  },
  {
    kind: 'account, wrong server',
    personal: true,
    async go(page, { open }) {
      await toWords(page, open.url);
      await page.locator(TAKE_TEXT).click();
      await page.locator('#where-mastodon').fill('no server at all');
      await page.locator('button.button-join[value="mastodon"]').click();
      await page.locator('#where-mastodon-problem').waitFor();
    },
  },
  {
    kind: 'denied',
    personal: true,
    async go(page, { open }) {
      await toWords(page, open.url);
      await page.locator(TAKE_TEXT).click();
      await page.locator('button.button-join[value="x"]').click();
      await page.locator('button[name="decision"][value="deny"]').click();
      await page.locator('main[data-state="denied"]').waitFor();
    },
  },
];

type Variation = Row<typeof DIMENSIONS>;

needs('postgres', 'chromium')('every page, however it is come to', () => {
  let stage: TestStage;
  let browser: Browser;
  let places: Places;
  let inspector: ReturnType<typeof createInspector>;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([
      startStage({ platforms: PLATFORM_NAMES }),
      openBrowser(),
    ]);
    places = await openPlaces(stage);
    inspector = createInspector(tellingWords(places.open.slug, await fullCampaign()));
  }, 180_000);

  /** Somebody comes, does something and leaves; what went wrong is among the problems. */
  async function visit(
    name: string,
    options: BrowserContextOptions,
    work: (visitor: Visitor) => Promise<unknown>,
  ): Promise<void> {
    const visitor = await comeIn(browser, options);
    try {
      await work(visitor);
    } catch (error) {
      const where = visitor.page.url();
      inspector.problems.push(
        `${name}: at ${where}: ${error instanceof Error ? error.message : error}`,
      );
    } finally {
      await visitor.page.context().close();
    }
    expectHome(name, visitor);
  }

  /** Nobody but ourselves was asked for anything, and nobody but a platform was gone to. */
  function expectHome(name: string, { asked, origins }: Visitor): void {
    const ours = new URL(stage.url).origin;
    const networks = [...stage.networks.values()].map(({ url }) => new URL(url).origin);
    for (const origin of asked) {
      if (origin !== ours) inspector.problems.push(`${name}: something was asked of ${origin}`);
    }
    for (const origin of origins) {
      if (![ours, ...networks].includes(origin)) {
        inspector.problems.push(`${name}: it led to ${origin}`);
      }
    }
  }

  async function travel(variation: Variation, nth: number): Promise<void> {
    const { platform, locale, scripts, width, colorScheme, words } = variation;
    // Whoever is called so looks after several pages, and is asked which.
    const handle = platform === 'facebook' ? `editor_${nth}` : `person_${nth}`;
    const options = {
      locale,
      colorScheme,
      javaScriptEnabled: scripts,
      viewport: { width, height: HEIGHT },
    };
    await visit(Object.values(variation).join(' '), options, async (visitor) => {
      if (platform === 'nostr' && scripts) await withSigner(visitor.page, handle);
      const network = stage.networks.get(platform);
      // A handle that is asked for beforehand has to be somebody's.
      await network?.control.createAccounts({ accounts: [{ handle }] });
      const networkUrl = network?.url ?? '';
      const journey = { campaignUrl: places.open.url, platform, networkUrl, handle, words };
      const text = await takeJourney(visitor.page, { ...journey, own: OWN }, (kind, personal) =>
        inspector.look(visitor, { kind, locale, scripts, personal }),
      );
      if (words === 'own') expect(text).toBe(OWN);
    });
  }

  it('is in order on every way to a receipt', async () => {
    const variations = pairwise(DIMENSIONS, SEED);
    const left = await inParallel(variations.map((one, nth) => () => travel(one, nth)));
    expect({ left, problems: inspector.problems.splice(0) }).toEqual({ left: 0, problems: [] });
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from pledge where campaign_id = ${places.open.id}`.execute(
      stage.instance.ctx.db,
    );
    // And the one whose receipt the other test looks at.
    expect(rows[0]?.count).toBe(variations.length + 1);
    const kinds = ['campaign', 'before', 'words', 'account', 'choose', 'sign', 'receipt'];
    expect([...inspector.kinds()].sort()).toEqual(kinds.sort());
  }, 420_000);

  it('is in order off that way, in every language', async () => {
    const tours = LOCALES.map((locale, nth) => async () => {
      const viewport = { width: WIDTHS[nth % WIDTHS.length] ?? 320, height: HEIGHT };
      // One browser for all of them: what costs most is to start one.
      await visit(`the tour in ${locale}`, { locale, viewport }, async (visitor) => {
        for (const { kind, personal, go } of OTHER_PAGES) {
          await go(visitor.page, places).catch((error: Error) => {
            inspector.problems.push(`${kind} (${locale}): ${error.message}`);
          });
          // A page that says that something is not there is on the console, as it should be.
          visitor.complaints.splice(0);
          await inspector.look(visitor, { kind, locale, scripts: true, personal });
        }
      });
    });
    const left = await inParallel(tours);
    expect({ left, problems: inspector.problems.splice(0) }).toEqual({ left: 0, problems: [] });
  }, 420_000);
});

/** Does these things, a few at a time. Gives how many it did not come to in time: what was found until then is said, too. */
async function inParallel(works: readonly (() => Promise<void>)[]): Promise<number> {
  const deadline = performance.now() + TIME_MS;
  let left = works.length;
  const queue = works.values();
  const runner = async (): Promise<void> => {
    for (const work of queue) {
      if (performance.now() > deadline) return;
      await work();
      left -= 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, runner));
  return left;
}

/** Campaigns in every state that has a page of its own, and reminders. */
async function openPlaces(stage: TestStage): Promise<Places> {
  const { ctx } = stage.instance;
  const document = await fullCampaign();
  const openOne = () => stage.open({ inMs: 9 * DAY_MS, document });
  const open = await openOne();
  const now = await openOne();
  const locked = await openOne();
  const over = await openOne();
  const called_off = await openOne();
  const remind = async (address: string): Promise<string> => {
    await requestReminder(ctx, { id: open.id, address, locale: 'en' });
    const { rows } = await sql<{ id: string }>`
      select id from reminder where campaign_id = ${open.id} order by asked_at desc limit 1`.execute(
      ctx.db,
    );
    return ctx.vault.reminderToken(rows[0]?.id ?? '');
  };
  const asked = await remind('anna@example.org');
  const confirmed = await remind('boris@example.org');
  await followReminder(ctx, { token: confirmed });
  // As if their moments had come; nobody has joined them, so nothing is sent.
  const becomes = async ({ id }: OpenedCampaign, state: string, momentInMs: number) =>
    ctx.db.transaction().execute(async (db) => {
      await sql`update campaign set state = ${state}, moment = ${new Date(Date.now() + momentInMs)}
        where id = ${id}`.execute(db);
      await sealAsDecided({ db, vault: ctx.vault }, id);
    });
  await becomes(now, 'firing', 0);
  await becomes(locked, 'locked', DAY_MS);
  await becomes(over, 'settled', -DAY_MS);
  await becomes(called_off, 'cancelled', DAY_MS);
  const joined = await plainBrowser().join(open.url, 'keeper', { platform: 'x' });
  // Without the language that it was come to in.
  const receipt = new URL(new URL(joined.url).pathname, joined.url).href;
  const reminders = { asked, confirmed };
  return { stage, open, now, locked, over, called_off, receipt, reminders };
}
