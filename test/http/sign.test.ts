import { beforeAll, expect, it } from 'vitest';
import {
  pubkeyOf,
  type SimulatorControl,
  signAs,
  signConsent,
} from '../../src/simulator/client.ts';
import { startRelays } from '../platforms/nostr/support.ts';
import { type PlainBrowser, plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { startStage, type TestStage } from '../support/stage.ts';

/** Time enough to join on a busy machine. What is signed names the moment, so it cannot be brought forward. */
const SOON_MS = 14_000;

needs('postgres')('signing a post on a page of ours', () => {
  let stage: TestStage;
  let control: SimulatorControl;
  beforeAll(async () => {
    const relays = await startRelays();
    control = relays.control;
    const environment = { NOSTR_RELAYS: relays.relay('a'), NOSTR_QUORUM: '1' };
    stage = await startStage({ environment });
  });

  const cookieOf = ({ cookies }: PlainBrowser): string =>
    [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');

  /** Begins to join; gives the address of the page for signing. */
  async function begin(browser: PlainBrowser, campaignUrl: string): Promise<string> {
    const url = await browser.startJoining(campaignUrl, { platform: 'nostr' });
    expect(new URL(url).pathname).toBe('/sign/nostr');
    return url;
  }

  it('leads to a receipt, and at the moment to the post that was signed', async () => {
    const campaign = await stage.open({ inMs: SOON_MS });
    const browser = plainBrowser('ru');
    const url = await begin(browser, campaign.url);
    const back = await signConsent(url, 'anna', cookieOf(browser));
    const receipt = await browser.get(new URL(back ?? '', stage.url).href);
    expect(receipt.html).toContain('data-state="pledged"');
    expect(receipt.text).toContain('npub1');
    expect(await control.posts()).toEqual([]);
    await expect.poll(async () => (await control.posts()).length, { timeout: 30_000 }).toBe(1);
    const [post] = await control.posts();
    expect(post?.account).toBe(pubkeyOf('anna'));
    expect(post?.text).toContain('Чечне');
    expect((post?.at_us ?? 0) / 1_000).toBeGreaterThanOrEqual(campaign.moment.getTime());
    await expect
      .poll(async () => (await browser.get(receipt.url)).html, { timeout: 15_000 })
      .toContain('data-state="posted"');
  });

  it('shows what is to be signed to nobody but the browser that began, as often as it likes', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const url = await begin(browser, campaign.url);
    for (let i = 0; i < 2; i++) {
      const page = await browser.get(url);
      expect(page.status).toBe(200);
      expect(page.html).toMatch(/<textarea[^>]* id="unsigned"/);
      expect(page.html).toContain('sign.js');
      expect(page.headers.get('cache-control')).toBe('no-store');
    }
    for (const stranger of [plainBrowser(), plainBrowser()]) {
      stranger.cookies.set('tocsin_browser', 'somebody-else');
      const page = await stranger.get(url);
      expect(page.status).toBe(409);
      expect(page.html).not.toContain('unsigned');
    }
    expect((await browser.get(url.replace(/state=.*/, 'state=none'))).status).toBe(409);
    expect((await browser.get(url.replace('/nostr', '/x'))).status).toBe(409);
  });

  it('takes nothing that is not the post, and no form of another site', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const url = await begin(browser, campaign.url);
    const state = new URL(url).searchParams.get('state') ?? '';
    const other = { kind: 1, created_at: 1, tags: [], content: 'Other words' };
    const send = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${stage.url}/callback/nostr`, {
        method: 'POST',
        headers: { cookie: cookieOf(browser), ...headers },
        body: new URLSearchParams({ state, code: JSON.stringify(signAs('ben', other)) }),
        redirect: 'manual',
      });
    expect((await send({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await send({ origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await send({})).status).toBe(422);
    // It has used nothing up.
    expect((await browser.get(url)).status).toBe(200);
  });

  it('B8 says what is wrong with what was pasted, keeps it there, and takes the right event afterwards', async () => {
    const campaign = await stage.open();
    const browser = plainBrowser();
    const url = await begin(browser, campaign.url);
    const first = await browser.get(url);
    const state = new URL(url).searchParams.get('state') ?? '';
    const shown = /id="unsigned"[^>]*>([^<]+)</.exec(first.html)?.[1] ?? '';
    const event = JSON.parse(shown.replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
    const signed = signAs('slips', event);
    const text = JSON.stringify(signed);
    const key = 'nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5';
    const slips: readonly (readonly [pasted: string, words: string])[] = [
      ['nothing of it', 'is no event'],
      [JSON.stringify(event), 'not signed yet'],
      ['{"id":1}', 'not a whole event'],
      [
        JSON.stringify(signAs('slips', { ...event, tags: [...event.tags, ['client', 'a']] })),
        'tags',
      ],
      [
        JSON.stringify(signAs('slips', { ...event, content: 'Other words' })),
        'not the one that you',
      ],
      [JSON.stringify(signAs('slips', { ...event, created_at: 1 })), 'The time or the kind'],
      [JSON.stringify({ ...signed, sig: '0'.repeat(128) }), 'signature does not fit'],
      [text.replaceAll('"', '”'), 'curly ones'],
      [key, 'private key'],
      ['a'.repeat(64), 'private key'],
    ];
    const send = (code: string) =>
      fetch(`${stage.url}/callback/nostr`, {
        method: 'POST',
        headers: { cookie: cookieOf(browser) },
        body: new URLSearchParams({ state, code }),
        redirect: 'manual',
      });
    for (const [pasted, words] of slips) {
      const answer = await send(pasted);
      const html = await answer.text();
      expect(answer.status, words).toBe(422);
      expect(html).toContain(words);
      const left = /id="code"[^>]*>([^<]*)</.exec(html)?.[1]?.replaceAll('&quot;', '"') ?? '';
      expect(left.trim() === '', words).toBe(words === 'private key');
      if (words === 'private key') expect(html).not.toContain(pasted);
    }
    const capitals = JSON.stringify({ ...signed, pubkey: signed.pubkey.toUpperCase() });
    const right = await send(`\n\`\`\`json\n["EVENT", ${capitals}]\n\`\`\`\n`);
    expect(right.status).toBe(303);
    expect(right.headers.get('location')).toMatch(/^\/r\//);
  });
});
