import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { decideConsent } from '../../src/simulator/client.ts';
import { LOCALES } from '../../src/web/index.ts';
import { type Page, plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { FULL, firstOf } from '../support/tier.ts';
import { waitFor } from '../support/wait-for.ts';

const NETWORKS = ['x', 'linkedin', 'threads', 'facebook'] as const;
type NetworkName = (typeof NETWORKS)[number];
const X = { platform: 'x' };

/** What the network does, on which of its paths, and which sentence tells it: each sentence and each network among the first seven. */
const HAPPENINGS: readonly (readonly [
  network: NetworkName,
  path: 'token' | 'me',
  fault: string,
  state: string,
])[] = [
  ['x', 'token', 'status403NotPermitted', 'refused_unsaid'],
  ['x', 'me', 'status403Forbidden', 'service_refused'],
  ['linkedin', 'token', 'status502', 'platform_broken'],
  ['linkedin', 'token', 'resetBefore', 'platform_failed'],
  ['threads', 'token', 'status400InvalidGrant', 'answer_refused'],
  ['facebook', 'token', 'status403Suspended', 'account_unfit'],
  ['facebook', 'token', 'status429App', 'asked_to_wait'],
  ['x', 'token', 'status400InvalidGrant', 'answer_refused'],
  ['linkedin', 'token', 'status400InvalidGrant', 'answer_refused'],
  ['facebook', 'token', 'status400InvalidGrant', 'answer_refused'],
  ['x', 'token', 'status502', 'platform_broken'],
  ['threads', 'token', 'status502', 'platform_broken'],
  ['facebook', 'token', 'status502', 'platform_broken'],
  ['x', 'token', 'status401', 'service_refused'],
  ['x', 'token', 'status402', 'service_refused'],
  ['x', 'token', 'status200Html', 'platform_broken'],
  ['x', 'token', 'resetBefore', 'platform_failed'],
  ['x', 'me', 'status403Suspended', 'account_unfit'],
  ['x', 'me', 'status403Locked', 'account_unfit'],
  ['x', 'me', 'status402', 'service_refused'],
  ['linkedin', 'me', 'status403NotPermitted', 'refused_unsaid'],
  ['threads', 'token', 'status402', 'service_refused'],
  ['x', 'token', 'status429App', 'asked_to_wait'],
  ['linkedin', 'token', 'status429App', 'asked_to_wait'],
  ['threads', 'token', 'status429App', 'asked_to_wait'],
];
needs('postgres')('what is said on the way back from a network', () => {
  let stage: TestStage;
  let campaign: OpenedCampaign;
  beforeAll(async () => {
    stage = await startStage({ platforms: [...NETWORKS] });
  });
  beforeEach(async () => {
    campaign = await stage.open();
  });

  const control = (name: NetworkName) => {
    const network = stage.networks.get(name);
    if (!network) throw new Error(`${name} is not simulated`);
    return network.control;
  };
  const stateOf = ({ html }: Page) => /data-state="(\w+)"/.exec(html)?.[1];

  it.each(firstOf(HAPPENINGS, 7))(
    'B5 B7 B8 tells what happened at %s, %s, %s: %s',
    async (...happening) => {
      const [network, path, fault, state] = happening;
      const browser = plainBrowser();
      const back = await decideConsent(
        await browser.startJoining(campaign.url, { platform: network }),
        `p_${path}_${fault}`.toLowerCase().slice(0, 15),
      );
      await control(network).behaviour({ pathErrorRates: { [path]: { [fault]: 1 } } });
      const page = await browser.get(back);
      await control(network).behaviour({});
      expect(stateOf(page)).toBe(state);
      expect(page.text).toContain('Nothing was added');
      // Opened again it says the same, and the same words are one step away.
      expect(stateOf(await browser.get(back))).toBe(state);
      const again = /class="button" href="(\/i\/[^"]+)"/.exec(page.html)?.[1] ?? '';
      expect(stateOf(await browser.get(new URL(again, stage.url).href))).toBe('account');
    },
  );

  it('B5 says until when a network wants to be left alone', async () => {
    const browser = plainBrowser();
    const back = await decideConsent(await browser.startJoining(campaign.url, X), 'waiter');
    await control('x').behaviour({ pathErrorRates: { token: { status429App: 1 } } });
    const page = await browser.get(back);
    await control('x').behaviour({});
    expect(page.text).toMatch(
      /does not want to be asked again before .+\d\d:\d\d \(Europe\/Moscow\)/,
    );
  });

  it('B5 says so when a network wants to be left alone and does not say how long', async () => {
    const browser = plainBrowser();
    const start = await browser.startJoining(campaign.url, { platform: 'linkedin' });
    const back = await decideConsent(start, 'waiter');
    await control('linkedin').behaviour({ pathErrorRates: { token: { status429App: 1 } } });
    const page = await browser.get(back);
    await control('linkedin').behaviour({});
    expect(stateOf(page)).toBe('asked_to_wait');
    expect(page.text).toContain('It did not say for how long');
    expect(page.text).not.toContain('does not want to be asked');
  });

  it('B5 lets operators hear that a network refuses the app, until it takes it again', async () => {
    const browser = plainBrowser();
    const join = async (handle: string) =>
      browser.get(await decideConsent(await browser.startJoining(campaign.url, X), handle));
    // The tests before have other networks refuse the app.
    await sql`delete from join_refusal`.execute(stage.instance.ctx.db);
    const isRefused = (text: string) => text.includes('refuses this instance');
    const ready = async () => {
      const answer = await fetch(`${stage.url}/readyz`);
      return { status: answer.status, text: await answer.text() };
    };
    const begun = await browser.startJoining(campaign.url, X);
    const back = await decideConsent(begun, 'no_secret');
    await control('x').behaviour({ pathErrorRates: { token: { status401: 1 } } });
    expect(stateOf(await browser.get(back))).toBe('service_refused');
    await control('x').behaviour({});
    const told = await waitFor(
      async () => {
        const answer = await ready();
        return isRefused(answer.text) ? answer : null;
      },
      { what: 'the warning' },
    );
    expect(told.status).toBe(200);
    expect(stateOf(await join('taken_again'))).toBe('pledged');
    await waitFor(async () => !isRefused((await ready()).text), {
      what: 'the end of the warning',
    });
  });

  it('S1 B5 uses an answer up that comes back to another network’s address, and says so', async () => {
    const browser = plainBrowser();
    const back = new URL(
      await decideConsent(await browser.startJoining(campaign.url, X), 'astray'),
    );
    back.pathname = '/callback/linkedin';
    expect(stateOf(await browser.get(back.href))).toBe('answer_refused');
    back.pathname = '/callback/x';
    expect(stateOf(await browser.get(back.href))).toBe('answer_refused');
  });

  it('B13 says "You said no" as often as its page is opened, and leads back to the words', async () => {
    const browser = plainBrowser();
    const start = await browser.startJoining(campaign.url, X);
    const back = await decideConsent(start, 'sayer', 'deny');
    for (let opened = 0; opened < 2; opened++) {
      const page = await browser.get(back);
      expect([page.status, stateOf(page)]).toEqual([200, 'denied']);
      expect(page.html).toMatch(/class="button" href="\/i\//);
    }
  });

  it('B5 B13 tells a second click what the first one comes to', async () => {
    const browser = plainBrowser();
    const back = await decideConsent(await browser.startJoining(campaign.url, X), 'clicker');
    await control('x').behaviour({
      latency: { kind: 'fixed', medianMs: 300 },
      pathErrorRates: { token: { status502: 1 } },
    });
    const clicks = await Promise.all([browser.get(back), browser.get(back)]);
    await control('x').behaviour({});
    expect(clicks.map(stateOf)).toEqual(['platform_broken', 'platform_broken']);
  });

  it.each([
    ['without any cookie', false],
    ['with an older cookie', true],
  ])('B13 lets a browser %s begin again with the same words, and no other’s', async (_, older) => {
    const first = plainBrowser();
    const back = await decideConsent(await first.startJoining(campaign.url, X), 'appuser');
    const second = plainBrowser();
    if (older) await second.startJoining(campaign.url);
    const page = await second.get(back);
    expect([page.status, stateOf(page)]).toEqual([409, 'stranger']);
    expect(page.text).not.toContain('kept no cookie');
    // The secret of the first browser's page is not told.
    expect(page.html).not.toContain('/i/');
    const account = await second.submit(page, '/words');
    expect(new URL(account.url).pathname).toMatch(/^\/i\//);
    expect(account.text).toContain('#100DaysOfInjustice');
    const consent = await second.submit(account, '/join', { platform: 'x' });
    const receipt = await second.get(await decideConsent(consent.url, 'appuser2'));
    expect(stateOf(receipt)).toBe('pledged');
    // And the first sign-in still ends where it began, on a receipt of its own.
    const own = await first.get(back);
    expect(stateOf(own)).toBe('pledged');
    expect(new URL(own.url).pathname).not.toBe(new URL(receipt.url).pathname);
  });

  it('B13 tells a stranger nothing that a person wrote', async () => {
    const first = plainBrowser();
    const words = await first.chooseWords(campaign.url, {
      wording: 'own',
      own: 'My very own words #100DaysOfInjustice https://example.org',
    });
    expect(words.text).toContain('My very own words');
    const consent = await first.submit(words, '/join', { platform: 'x' });
    const back = await decideConsent(consent.url, 'writer');
    const page = await plainBrowser().get(back);
    expect(stateOf(page)).toBe('stranger');
    expect(page.text).toContain('What was written by hand stays in the browser');
    expect(page.html).not.toContain('very own words');
    const link = /class="button" href="(\/join\/[^"]+)"/.exec(page.html)?.[1] ?? '';
    const choice = await plainBrowser().get(new URL(link.replaceAll('&amp;', '&'), stage.url).href);
    expect(choice.status).toBe(200);
    expect(choice.html).not.toContain('very own words');
  });

  it('B5 B13 says it in every language', async () => {
    const said = new Set<string>();
    const languages = FULL ? LOCALES : ['en', 'ar'];
    for (const lang of languages) {
      const browser = plainBrowser(lang);
      const back = new URL(
        await decideConsent(await browser.startJoining(campaign.url, X), 'lingua'),
      );
      back.searchParams.set('code', 'wrong');
      const page = await browser.get(back.href);
      expect(stateOf(page)).toBe('answer_refused');
      said.add(/<p class="lede">([^<]+)</.exec(page.html)?.[1] ?? '');
    }
    expect(said.size).toBe(languages.length);
  });
});
