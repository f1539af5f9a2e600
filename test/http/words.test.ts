import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { openPledgeContent } from '../../src/actions/pledge/receipt-access.ts';
import { campaignCode } from '../../src/http/campaign-code.ts';
import { decideConsent } from '../../src/simulator/client.ts';
import type { CountAnswer } from '../../src/web/index.ts';
import { type Page, plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';

import { exactIn, follow, linkTo, namesDocument, setContent } from './on-page.ts';

needs('postgres')('words', () => {
  let stage: TestStage;
  let campaign: OpenedCampaign;
  let wordsUrl: string;
  const browser = plainBrowser();
  beforeAll(async () => {
    stage = await startStage();
    campaign = await stage.open({ document: namesDocument });
    await setContent(stage, campaign, { variants: { en: ['Hear us.'] }, ownWords: true });
    wordsUrl = `${stage.url}/join/${campaignCode(campaign.id)}/words`;
  });

  const send = async (fields: Record<string, string>): Promise<Page> =>
    browser.submit(await browser.get(wordsUrl), '/words', fields);
  const own = (text: string): Promise<Page> => send({ wording: 'own', own: text });
  async function post(url: string, body: string): Promise<Response> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return fetch(url, { method: 'POST', headers, body, redirect: 'manual' });
  }
  const countOf = async (text: string, lang = 'en') => {
    const url = wordsUrl.replace(/words$/, `count?lang=${lang}`);
    const answer = await post(url, String(new URLSearchParams({ own: text, text_locale: 'en' })));
    return (await answer.json()) as CountAnswer;
  };

  it('can be chosen, and are pledged to the byte', async () => {
    const page = await send({ wording: '1' });
    expect(exactIn(page)).toBe('Hear us.');
    const mine = 'Mine: “Ünï” <b>&amp; 👩\u200d👩\u200d👧\n\n#тег \u200fעברית';
    const account = await own(`  ${mine.replaceAll('\n', '\r\n')}\n`);
    expect(exactIn(account)).toBe(mine);
    const back = await decideConsent(await follow(browser, account), 'own_anna');
    expect(exactIn(await browser.get(back))).toBe(mine);
    const { ctx } = stage.instance;
    const pledges = await ctx.db
      .selectFrom('pledge')
      .selectAll()
      .where('campaign_id', '=', campaign.id)
      .execute();
    const texts = pledges.map(async (pledge) =>
      Buffer.from((await openPledgeContent(ctx, pledge)).text),
    );
    expect(await Promise.all(texts)).toEqual([Buffer.from(mine)]);
  });

  it.each([
    ['of 64 KiB', 'ж'.repeat(32_768), '32768 characters; 2000 are the most'],
    ['of nothing', ' \n ', 'nothing here yet'],
    ['of what cannot be seen', '\u200b\u2060', 'nothing here yet'],
    ['that turns the text around', 'a\u202eb', 'U+202E'],
    ['with a NUL', 'a\0b', 'U+0000'],
    ['with two joiners after one another', 'a\nb\u200d\u200dc', 'line 2, at position 2'],
  ])('%s are refused in a sentence, and kept in the field', async (_, text, sentence) => {
    const page = await own(text);
    expect(page.status).toBe(422);
    expect(page.html).toMatch(/id="own"[^>]*aria-invalid="true"/);
    expect(page.text).toContain(sentence);
    const field = /<textarea[^>]*>\n([\s\S]*?)<\/textarea>/.exec(page.html)?.[1];
    expect(field).toBe(text);
  });

  it('are refused with a sentence where they are not there to choose', async () => {
    for (const wording of ['7', '999', '-1', 'x', 'constructor']) {
      const page = await send({ wording });
      expect([wording, page.status]).toEqual([wording, 422]);
      expect(page.text).toContain('This text is not there any more');
    }
    const closed = await stage.open({ document: namesDocument });
    const url = `${stage.url}/join/${campaignCode(closed.id)}/words`;
    const page = await browser.get(url);
    expect(page.html).not.toContain('<textarea');
    const refused = await browser.submit(page, '/words', { wording: 'own', own: 'Mine' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('takes only its own texts');
  });

  it('are asked for anew where the campaign has them no more', async () => {
    const other = await stage.open({ document: namesDocument });
    await setContent(stage, other, { variants: { en: ['Hear us.'] }, ownWords: true });
    const url = `${stage.url}/join/${campaignCode(other.id)}/words`;
    const account = await browser.submit(await browser.get(url), '/words', { wording: '1' });
    await setContent(stage, other, { variants: {}, ownWords: false });
    for (const page of [await browser.get(account.url), await browser.submit(account, '/join')]) {
      expect(page.status).toBe(409);
      expect(page.text).toContain('This text is not there any more');
      expect(exactIn(await browser.submit(page, '/words'))).toContain('I am one of many.');
    }
  });

  it.each(['xx', 'constructor', '__proto__', '', 'ru', '../', 'en\0'])(
    'come in a language of the campaign, where %j is asked for',
    async (wanted) => {
      const query = encodeURIComponent(wanted);
      const page = await browser.get(`${wordsUrl}?text=${query}`);
      expect(page.status).toBe(200);
      expect(page.html).toContain('name="text_locale" value="en"');
      const account = await browser.submit(page, '/words', { text_locale: wanted });
      expect(account.status).toBe(200);
      expect(exactIn(account)).toContain('I am one of many.');
    },
  );

  it('are what fields say that are sent once; whatever else is sent breaks nothing', async () => {
    for (const body of [
      'wording=own&own=a&own=b',
      'wording=0&wording=1&text_locale=en&text_locale=fr',
      'wording[]=1&own[a]=1&__proto__[x]=1',
      `name=${'x'.repeat(100_000)}&place=${'%F0%9F%98%80'.repeat(9_000)}`,
      'wording=own&own=%ED%A0%80',
      'wording=own&own=%',
      'name=%00',
      '',
    ]) {
      const answer = await post(wordsUrl, body);
      expect([body.slice(0, 40), answer.status < 500]).toEqual([body.slice(0, 40), true]);
      const location = answer.headers.get('location');
      if (location !== null) expect((await browser.get(stage.url + location)).status).toBe(200);
    }
    const endless = await post(wordsUrl, `own=${'x'.repeat(3 * 1024 * 1024)}`);
    expect(endless.status).toBe(413);
    expect(await endless.text()).toContain('too long for us to read');
    const account = await send({});
    for (const body of [
      'platform=x&platform=x',
      'platform[]=x',
      'shown=a&shown=b&platform=x',
      '',
    ]) {
      const answer = await post(
        `${new URL(account.url).origin}${new URL(account.url).pathname}/join`,
        body,
      );
      expect([body, answer.status < 500]).toEqual([body, true]);
    }
  });

  const intents = () =>
    stage.instance.ctx.db.selectFrom('intent').select('id').orderBy('id').execute();

  it('are counted by the platform’s own rules, in words of the page', async () => {
    const fine = await countOf(
      'See https://example.org/a/very/long/address/that/counts/as/23 👩\u200d👩\u200d👧',
    );
    expect(fine).toMatchObject({ lengths: [{ platform: 'x', over: false }], said: '' });
    // Four letters and a blank, 23 for the address, a blank, two for the family.
    expect(fine.lengths[0]?.words).toBe('X: 30 of 280 characters');
    const long = await countOf('я'.repeat(300), 'ru');
    expect(long.lengths).toMatchObject([{ platform: 'x', over: true }]);
    expect(long.said).toBe('X не принимает текст такой длины: лишних 20 знаков.');
    // A name becomes a link, which is said before it is agreed to, and no fault.
    const linked = await countOf('It is over.So we go.');
    expect(linked.lengths).toMatchObject([{ over: false }]);
    expect(linked.said).toMatch(/^“over\.So” becomes a link to https:\/\/over\.so on X\. If you/);
    expect((await own('It is over.So we go.')).text).toContain('“over.So” becomes a link to');
    expect((await countOf('Los r\uFFFDos')).said).toMatch(
      /^In line 1, at “Los r\uFFFDos”, letters/,
    );
    const before = await intents();
    expect((await countOf('a\u202eb')).said).toContain('U+202E');
    expect((await countOf('x'.repeat(60_000))).said).toContain('60000 characters');
    expect(await intents()).toEqual(before);
  });

  it('A7 are read up to 64 KiB, and nothing is computed of longer ones', async () => {
    const { ctx } = stage.instance;
    const kept = async () =>
      (await sql<{ n: number }>`select count(*)::int n from intent`.execute(ctx.db)).rows[0]?.n;
    const before = await kept();
    // 64 KiB and one byte; as the browser sends them up to three times as many.
    for (const text of ['x'.repeat(65_537), `${'ж'.repeat(32_768)}x`, '€'.repeat(21_846)]) {
      const body = new URLSearchParams({ wording: 'own', own: text, text_locale: 'en' });
      for (const url of [
        `${wordsUrl}?lang=de`,
        `${wordsUrl.replace('/words', '/count')}?lang=de`,
      ]) {
        const answer = await post(url, String(body));
        expect(answer.status).toBe(413);
        expect(await answer.text()).toContain('Das ist zu lang, um es zu lesen');
      }
    }
    expect(await kept()).toBe(before);
  });

  it('are gone after some hours, and the page says so', async () => {
    const account = await send({ wording: '1' });
    await sql`update intent set expires_at = now() - interval '1 second'`.execute(
      stage.instance.ctx.db,
    );
    for (const page of [
      await browser.get(account.url),
      await browser.submit(account, '/join'),
      await browser.get(linkTo(account, '/words')),
      await browser.get(`${stage.url}/i/${'A'.repeat(43)}`),
    ]) {
      expect(page.status).toBe(404);
      expect(page.html).toContain('data-state="words_gone"');
      expect(page.text).toContain('begin again');
    }
  });

  it('of one campaign are not moved to another', async () => {
    const account = await send({ wording: '1' });
    const other = await stage.open();
    const words = await browser.get(`${stage.url}/join/${campaignCode(other.id)}/words`);
    const chosen = await browser.submit(words, '/words');
    expect(new URL(chosen.url).pathname).not.toBe(new URL(account.url).pathname);
    expect(exactIn(await browser.get(account.url))).toBe('Hear us.');
  });
});
