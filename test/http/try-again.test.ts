import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { decideConsent } from '../../src/simulator/client.ts';
import { type Page, plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { exactIn, headOf, linkTo, statesOn } from './on-page.ts';

const X = { platform: 'x' } as const;
const LINKEDIN = { platform: 'linkedin' } as const;
const FIRST = 'My first words: open the doors.';
const SECOND = 'My second words: open every door.';

needs('postgres')('what somebody is told who comes back once more, or could', () => {
  let stage: TestStage;
  let campaign: OpenedCampaign;
  beforeAll(async () => {
    stage = await startStage({ platforms: ['x', 'linkedin'] });
  });
  beforeEach(async () => {
    campaign = await stage.open();
  });

  const stateOf = ({ html }: Page) => /<main[^>]*data-state="(\w+)"/.exec(html)?.[1];
  const closesIn = (interval: string) =>
    sql`update campaign set lock_at = now() + ${interval}::interval where id = ${campaign.id}`.execute(
      stage.instance.ctx.db,
    );

  /** Comes back from a network whose every answer about the token is this one. */
  async function comeBack(fields: { platform: 'x' | 'linkedin' }, fault: string, closes: string) {
    const browser = plainBrowser();
    const back = await decideConsent(await browser.startJoining(campaign.url, fields), 'waiter');
    const control = stage.networks.get(fields.platform)?.control;
    await control?.behaviour({ pathErrorRates: { token: { [fault]: 1 } } });
    await closesIn(closes);
    const page = await browser.get(back);
    await control?.behaviour({});
    return { browser, back, page };
  }

  it('offers no second try after joining has closed, but the way by hand', async () => {
    const { browser, back, page } = await comeBack(X, 'status429App', '40 seconds');
    expect(stateOf(page)).toBe('asked_to_wait');
    expect(page.text).toContain('does not want to be asked again before');
    expect(page.text).toContain('Joining closes before that, on');
    expect(page.text).not.toContain('Begin again');
    expect(page.html).not.toContain('href="/i/');
    const byHand = /class="button" href="(\/at\/[^"]+)"/.exec(page.html)?.[1] ?? '';
    expect((await browser.get(new URL(byHand, stage.url).href)).status).toBe(200);
    expect(linkTo(page, '/c/')).toContain(campaign.slug);

    await closesIn('-1 second');
    const late = await browser.get(back);
    expect(stateOf(late)).toBe('asked_to_wait');
    expect(late.text).toContain('Joining has closed by now');
    expect(late.text).not.toMatch(/Begin again|asked again before|Joining closes/);
    expect(late.html).not.toContain('href="/i/');
  });

  it('says when joining closes where there is little time for a second try', async () => {
    for (const [fields, fault, state] of [
      [X, 'status502', 'platform_broken'],
      [X, 'resetBefore', 'platform_failed'],
      [LINKEDIN, 'status429App', 'asked_to_wait'],
    ] as const) {
      campaign = await stage.open();
      const { page } = await comeBack(fields, fault, '200 seconds');
      expect(stateOf(page)).toBe(state);
      expect(page.text).toMatch(/Joining closes on .+ You can try again until then/);
      expect(page.text).not.toContain('in a few minutes');
      expect(page.html).toContain('class="button" href="/i/');
    }
  });

  it('says no more than it knows to somebody who has joined before and says no now', async () => {
    await plainBrowser().join(campaign.url, 'joined_before', X);
    const browser = plainBrowser();
    const there = await browser.startJoining(campaign.url, X);
    const page = await browser.get(await decideConsent(there, 'joined_before', 'deny'));
    expect(stateOf(page)).toBe('denied');
    expect(page.text).toContain('If you have joined before, your receipt still holds');
    expect(page.text).not.toContain('have not joined');
  });

  it('says that other words have taken the place of the first', async () => {
    const joinWith = async (own: string) => {
      const browser = plainBrowser();
      const account = await browser.chooseWords(campaign.url, { wording: 'own', own });
      const there = await browser.submit(account, '/join', X);
      return browser.get(await decideConsent(there.url, 'two_texts'));
    };
    const first = await joinWith(FIRST);
    expect([headOf(first), exactIn(first)]).toEqual(['You have joined', FIRST]);
    expect(first.text).not.toContain('earlier ones are replaced');
    const second = await joinWith(SECOND);
    expect(statesOn(second)).toEqual(['pledged']);
    expect(exactIn(second)).toBe(SECOND);
    expect(second.text).toContain('had already joined');
    expect(second.text).toContain('It has the words that you agreed to last');
    expect(second.text).toContain('earlier ones are replaced');
  });
});
