import { beforeAll, expect, it } from 'vitest';
import { showShareLinks } from '../../src/actions/campaign/show-share-links.ts';
import { createApiKey } from '../../src/actions/operator/operator-access.ts';
import { campaignCode } from '../../src/http/campaign-code.ts';
import { decideConsent } from '../../src/simulator/client.ts';
import { solve } from '../../src/web/assets/work.js';
import { type PlainBrowser, plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { FULL, firstOf, onlyInFull } from '../support/tier.ts';
import { waitFor } from '../support/wait-for.ts';

/** The first of a network that is asked to prove its work. */
const FREE = 59;
/** Of those who are asked for no work; well past the first who would be. */
const MORE = FULL ? 200 : 80;
const X = { platform: 'x' };
const NOT_THERE = 'A'.repeat(43);

let networks = 0;
/** An address of a network that no other test has used. */
function newAddress(): string {
  networks += 1;
  return `198.18.${networks}.7`;
}

/** What the page that asks for work wants to have sent. */
function puzzleOn(html: string) {
  const entities: Record<string, string> = { quot: '"', amp: '&', lt: '<', gt: '>', '#39': "'" };
  const text = (value = '') => value.replace(/&([#\w]+);/g, (_, name) => entities[name] ?? '');
  const challenge = JSON.parse(text(/data-work="([^"]*)"/.exec(html)?.[1]));
  const turn = text(/name="turn" value="([^"]*)"/.exec(html)?.[1]);
  return { challenge, turn };
}

/** Does what work.js does in a browser. */
function proofOn(html: string): string {
  const { challenge } = puzzleOn(html);
  const solution = solve(challenge.parameters);
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64');
}

needs('postgres')('A7 unfinished work', () => {
  let stage: TestStage;
  let campaign: OpenedCampaign;
  let wordsUrl: string;
  beforeAll(async () => {
    stage = await startStage({
      environment: { TRUST_PROXY: 'loopback' },
      platforms: ['x', 'mastodon'],
    });
    campaign = await stage.open();
    wordsUrl = `${stage.url}/join/${campaignCode(campaign.id)}/words`;
  });

  function send(url: string, address: string, fields?: Record<string, string>) {
    return fetch(url, {
      method: fields ? 'POST' : 'GET',
      redirect: 'manual',
      headers: address === '' ? {} : { 'x-forwarded-for': address },
      ...(fields && { body: new URLSearchParams(fields) }),
    });
  }

  /** Sends until it is refused, `times` at most; gives how often it was not, and the last answer. */
  async function flood(times: number, ask: (i: number) => Promise<Response>) {
    for (let i = 0; i < times; i++) {
      const answer = await ask(i);
      if (answer.status === 429) return { free: i, answer };
      await answer.arrayBuffer();
    }
    return { free: times, answer: null };
  }

  const words = (address: string, more: Record<string, string> = {}) =>
    send(wordsUrl, address, { wording: '0', text_locale: 'en', ...more });

  it('A7 of words meets work from the 60th of a network on, and nowhere else', async () => {
    const address = newAddress();
    const { free, answer } = await flood(400, () => words(address));
    expect(free).toBe(FREE);
    expect(Number(answer?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer?.headers.get('cache-control')).toBe('no-store');
    const page = (await answer?.text()) ?? '';
    expect(page).toContain('One moment, please');
    expect(page).toContain('<input type="hidden" name="text_locale" value="en"');
    // The same network by another of its addresses, and others.
    expect((await words(address.replace(/7$/, '200'))).status).toBe(429);
    expect((await words(newAddress())).status).toBe(303);
    expect((await flood(MORE, () => words(''))).free).toBe(MORE);
  });

  it('A7 goes on for who proves work, once for each proof', async () => {
    const address = newAddress();
    const { answer } = await flood(100, () => words(address));
    const altcha = proofOn((await answer?.text()) ?? '');
    expect((await words(address, { altcha: `${altcha}x` })).status).toBe(303);
    for (const used of [altcha, '', 'x', Buffer.from('{}').toString('base64'), 'A'.repeat(9_000)]) {
      expect((await words(address, { altcha: used })).status).toBe(429);
    }
    const { challenge } = puzzleOn(await (await words(address)).text());
    const solution = solve(challenge.parameters);
    for (const forged of [
      { challenge: { ...challenge, signature: '00'.repeat(32) }, solution },
      { challenge: { parameters: challenge.parameters }, solution },
      { challenge, solution: { counter: 1, derivedKey: '00'.repeat(32) } },
      { challenge },
      { challenge: null, solution },
    ]) {
      const sent = Buffer.from(JSON.stringify(forged)).toString('base64');
      expect((await words(address, { altcha: sent })).status).toBe(429);
    }
  });

  it('A7 goes on without a script after a wait, once for each turn', async () => {
    const address = newAddress();
    const { answer } = await flood(100, () => words(address));
    const { turn } = puzzleOn((await answer?.text()) ?? '');
    expect(turn).not.toBe('');
    const early = await words(address, { turn });
    expect(early.status).toBe(429);
    // It keeps its place in the line.
    expect(puzzleOn(await early.text()).turn).toBe(turn);
    let status = 429;
    await waitFor(async () => {
      status = (await words(address, { turn })).status;
      return status !== 429;
    });
    expect(status).toBe(303);
    for (const used of [turn, turn.replace(/^\d+/, '1'), '1.x.y', `${turn}x`]) {
      const again = await words(address, { turn: used });
      expect(again.status).toBe(429);
      expect(puzzleOn(await again.text()).turn).not.toBe(turn);
    }
  });

  it('A7 of ways to a network counts for each, but the first of the words they are for', async () => {
    const address = newAddress();
    const browser = plainBrowser('en', address);
    const account = await browser.chooseWords(campaign.url);
    const shown = /name="shown" value="([^"]+)"/.exec(account.html)?.[1] ?? '';
    const url = account.url.replace(/\?.*$/, '/join');
    const { free } = await flood(200, () => send(url, address, { platform: 'x', shown }));
    expect(free).toBe(FREE);
  });

  it('A7 of servers that lead nowhere is limited, and each is asked a few times', async () => {
    const address = newAddress();
    const browser = plainBrowser('en', address);
    const account = await browser.chooseWords(campaign.url);
    const shown = /name="shown" value="([^"]+)"/.exec(account.html)?.[1] ?? '';
    const url = account.url.replace(/\?.*$/, '/join');
    const { free, answer } = await flood(200, (i) =>
      send(url, address, { platform: 'mastodon', shown, where_mastodon: `s${i}.home.arpa` }),
    );
    expect(free).toBeLessThanOrEqual(FREE + 1);
    const page = (await answer?.text()) ?? '';
    // What was typed goes along; the way from here leads to a server of somebody's choice.
    expect(page).toMatch(/name="where_mastodon" value="s\d+\.home\.arpa"/);
    expect(answer?.headers.get('content-security-policy')).toMatch(/form-action 'self' [^;]*http/);
    const altcha = proofOn(page);
    const fields = { platform: 'mastodon', shown, where_mastodon: 'x.home.arpa', altcha };
    expect((await send(url, address, fields)).status).toBe(422);
  });

  const GUESSED: readonly (readonly [kind: string, url: () => string, status: number])[] = [
    ['receipts', () => `${stage.url}/r/${NOT_THERE}`, 404],
    ['words', () => `${stage.url}/i/${NOT_THERE}`, 404],
    ['campaigns', () => `${stage.url}/join/${'A'.repeat(22)}`, 404],
    ['reminders', () => `${stage.url}/m/${NOT_THERE}`, 404],
    ['operators', () => `${stage.url}/ops/sign-in/${NOT_THERE}`, 410],
    ['short links', () => `${stage.url}/s/bcdfgh`, 404],
    ['returns', () => `${stage.url}/callback/x?state=${NOT_THERE}&code=b`, 409],
  ];
  /** Those where the work is done as well, which takes a second each. */
  const PROVED = firstOf(GUESSED, 1);
  it.each(GUESSED)('A7 of guessed links meets work: %s', async (kind, url, status) => {
    const address = newAddress();
    expect((await send(url(), address)).status).toBe(status);
    const { free, answer } = await flood(200, () => send(url(), address));
    expect(free).toBe(FREE - 1);
    const page = (await answer?.text()) ?? '';
    expect(page).toMatch(/<meta http-equiv="refresh" content="\d+;url=\/[^"]+turn=/);
    if (!PROVED.some(([name]) => name === kind)) return;
    const proved = new URL(url());
    proved.searchParams.set('altcha', proofOn(page));
    expect((await send(proved.href, address)).status).toBe(status);
  });

  it('A7 of short links that are guessed through oEmbed is limited, before they are looked up', async () => {
    const { link } = await showShareLinks(stage.instance.ctx, {
      ...{ id: campaign.id, title: '', lang: 'en', server: '' },
    });
    const address = newAddress();
    const ask = (url: string, from = address) =>
      send(`${stage.url}/oembed?${new URLSearchParams({ url })}`, from);
    const { free, answer } = await flood(100, () => ask(`${stage.url}/s/bcdfgh`));
    expect(free).toBe(FREE);
    expect(answer?.headers.get('content-type')).toContain('application/problem+json');
    expect(Number(answer?.headers.get('retry-after'))).toBeGreaterThan(0);
    // The right one tells no more than a wrong one does.
    expect((await ask(link)).status).toBe(429);
    expect((await send(link, address)).status).toBe(429);
    expect((await ask(campaign.url)).status).toBe(200);
    expect((await ask(link, newAddress())).status).toBe(200);
  });

  it('A7 of guesses leaves right links and keys their way', async () => {
    const address = newAddress();
    const receipt = await plainBrowser().join(campaign.url, 'a7_right', X);
    const key = await createApiKey(stage.instance.ctx, { name: 'a7' });
    await flood(100, () => send(`${stage.url}/r/${NOT_THERE}`, address));
    expect((await send(receipt.url, address)).status).toBe(200);
    const api = (bearer: string) =>
      fetch(`${stage.url}/api/v1/holds`, {
        headers: { authorization: `Bearer ${bearer}`, 'x-forwarded-for': address },
      });
    const refused = await api(`tocsin_${NOT_THERE}`);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ status: 429, code: 'too_many_tries' });
    expect((await api(key)).status).toBe(200);
    const other = newAddress();
    const { free } = await flood(100, () =>
      fetch(`${stage.url}/api/v1/holds`, {
        headers: { authorization: `Bearer tocsin_${NOT_THERE}`, 'x-forwarded-for': other },
      }),
    );
    expect(free).toBe(FREE);
  });

  onlyInFull(() => {
    it(`A7 lets ${MORE} honest people of one address through, since they finish`, async () => {
      const address = newAddress();
      const people = Array.from({ length: MORE }, (_, i) => `a7_honest_${i}`);
      const joined: number[] = [];
      const next = async (): Promise<void> => {
        for (let handle = people.pop(); handle !== undefined; handle = people.pop()) {
          const page = await plainBrowser('en', address).join(campaign.url, handle, X);
          joined.push(page.status);
        }
      };
      await Promise.all(Array.from({ length: 20 }, next));
      expect(joined).toEqual(Array(MORE).fill(200));
    });
  });

  it('A7 gives a place back when a way is finished, and not when it is refused', async () => {
    const address = newAddress();
    const browsers: PlainBrowser[] = [];
    const pages: string[] = [];
    for (let i = 0; i < FREE; i++) {
      const browser = plainBrowser('en', address);
      browsers.push(browser);
      pages.push(await browser.startJoining(campaign.url, X));
    }
    expect((await words(address)).status).toBe(429);
    const [first, second] = browsers;
    await first?.get(`${stage.url}/callback/x?error=access_denied&state=${stateIn(pages[0])}`);
    expect((await words(address)).status).toBe(429);
    await second?.get(await decideConsent(pages[1] ?? '', 'a7_done'));
    expect((await words(address)).status).toBe(303);
    expect((await words(address)).status).toBe(429);
  });
});

function stateIn(url = ''): string {
  return new URL(url).searchParams.get('state') ?? '';
}
