import { describe, expect, test } from 'vitest';
import { momentWords } from '../../src/web/format.ts';
import { translator } from '../../src/web/i18n.ts';
import {
  campaignPage,
  cardAlt,
  changePage,
  homePage,
  LOCALES,
  noticePage,
  operatorHomePage,
  receiptPage,
} from '../../src/web/index.ts';
import { qrSvg } from '../../src/web/qr.ts';
import {
  campaignView,
  fullCampaign,
  homeView,
  PICTURE,
  settledCampaign,
} from './campaign-samples.ts';
import { allPages, supporterPages, unescapeHtml } from './html.ts';
import { textOn } from './join-samples.ts';
import { operatorHomeView } from './operator-samples.ts';
import { changeView, noticeView, receiptView, severalReceiptView } from './receipt-samples.ts';
import { widgetView } from './share-samples.ts';

const pages = allPages();

describe('every page', () => {
  test('is a whole document', () => {
    for (const [name, html] of Object.entries(pages)) {
      expect(html, name).toMatch(/^<!doctype html><html lang="[a-z]{2}" dir="(ltr|rtl)"[ >]/);
      // What waits for the moment is hidden until then.
      const shown = html.replace(/<div class="assisted-now" [^>]*hidden[^>]*><h1/, '');
      expect(shown.match(/<h1[ >]/g), name).toHaveLength(1);
      expect(html, name).not.toMatch(/undefined|\[object|NaN|Invalid Date|\{\{/);
    }
  });

  test('has nothing inline: no script, style or handler', () => {
    for (const [name, html] of Object.entries(pages)) {
      expect(html, name).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
      for (const [script] of html.matchAll(/<script[\s\S]*?<\/script>/g)) {
        expect(script, name).toMatch(
          /^<script type="module" src="\/assets\/[a-z]+\.js\?v=[0-9a-f]{10}"><\/script>$/,
        );
      }
    }
  });

  test('loads nothing from elsewhere', () => {
    for (const [name, html] of Object.entries(pages)) {
      for (const [tag, address] of html.matchAll(
        /<[^>]*\s(?:src|href|action|formaction|data-events-url)="(?!\/(?!\/)|[#?])([^"]*)"[^>]*>/g,
      )) {
        // Nothing is loaded for these: search engines take whole addresses only, and a mail is written elsewhere.
        if (/^<link rel="alternate" hreflang=|href="mailto:/.test(tag)) continue;
        expect(tag, `${name}: ${address}`).toMatch(
          /^<a .*rel="(noopener nofollow|noopener noreferrer|noreferrer)"/,
        );
      }
    }
  });

  test('speaks the language that its lang attribute says', () => {
    for (const locale of LOCALES) {
      for (const [name, html] of Object.entries(supporterPages(locale))) {
        const dir = locale === 'ar' ? 'rtl' : 'ltr';
        expect(html, name).toContain(`<html lang="${locale}" dir="${dir}"`);
      }
    }
    expect(noticePage(noticeView('denied', 'ru'))).toContain('Вы ответили «нет»');
  });

  test('falls back to English for a language the interface does not speak', () => {
    const html = campaignPage(campaignView('nl', { textLocale: 'nl', title: '100 dagen' }));
    expect(html).toContain('<html lang="en"');
    expect(html).toContain('lang="nl" dir="ltr">100 dagen</h1>');
    expect(html).toContain('written in Dutch');
  });
});

describe('escaping', () => {
  const evil = `</title><script>alert(1)</script><img src=x onerror=alert(1)>"' $t(frame.skip) {{n}}`;
  const organisation = { name: evil, url: `javascript:alert(1)` };
  const inert = (html: string) => {
    expect(html).not.toContain('<script>');
    expect(html).not.toMatch(/<img/i);
    expect(html).not.toMatch(/(href|src|action)="javascript:/i);
    expect(html).toContain('&lt;script>alert(1)');
  };

  test('a campaign full of script comes out inert', () => {
    const html = campaignPage(
      campaignView('en', {
        title: evil,
        story: evil,
        organiser: organisation,
        partners: [organisation],
        link: 'javascript:alert(1)',
        hashtags: [evil],
        slug: 'a"b',
        options: [textOn({ label: evil, text: evil })],
        addressee: evil,
        letter: evil,
        picture: { ...PICTURE, alt: evil, credit: evil },
        sources: [{ title: evil, url: 'javascript:alert(1)' }],
        donation: 'javascript:alert(1)',
        updates: [{ at: '2027-07-02T09:00:00Z', text: evil, locale: 'en' }],
      }),
    );
    inert(html.replace(/<img [^>]*alt="[^"]*"[^>]*>/, ''));
    expect(html).toMatch(/<img [^>]*alt="&lt;\/title>/);
    expect(html).toContain('$t(frame.skip) {{n}}');
  });

  test('a receipt full of script comes out inert', () => {
    const words = { platformLabel: evil, handle: evil, text: evil };
    const rest = { scope: evil, textHash: evil, policyVersion: evil };
    const view = receiptView('waiting', 'fr', { ...words, ...rest });
    const share = { link: evil, href: '/', ways: [], mailHref: 'mailto:' };
    inert(receiptPage({ ...view, campaignTitle: evil, organiser: evil, address: evil, share }));
    inert(changePage(changeView('fr', { text: evil, handle: evil, fields: { own: evil } })));
  });

  test('cards and notices full of script come out inert', () => {
    const [card] = homeView().coming?.campaigns ?? [];
    if (!card) throw new Error('no card');
    const campaigns = [{ ...card, title: evil, organiser: evil }];
    inert(homePage({ ...homeView(), coming: { campaigns, moreHref: null } }));
    const { back } = noticeView('denied');
    if (!back) throw new Error('no way back');
    inert(noticePage({ ...noticeView('denied'), back: { ...back, title: evil } }));
  });
});

describe('the campaign page', () => {
  test('shows the text byte for byte', () => {
    const text = '  “Ünï”\t<b> & \'x\' "y"\n\n #тег 👩‍👩‍👧 \u200fעברית\u00a0!  ';
    const html = campaignPage(campaignView('en', { options: [textOn({ text, length: 9 })] }));
    const shown = /<blockquote class="exact"[^>]*>([\s\S]*?)<\/blockquote>/.exec(html)?.[1] ?? '';
    expect(Buffer.from(unescapeHtml(shown))).toEqual(Buffer.from(text));
  });

  test('has one thing to do, early, with the text, and at the end', () => {
    const html = campaignPage(fullCampaign('fr'));
    expect(
      html.match(/<a class="button( button-join)?" href="\/join\/code\?lang=fr">/g),
    ).toHaveLength(3);
    expect(html).toContain('class="button button-quiet" href="/at/code?lang=fr"');
    expect(html).toContain('class="button button-quiet" href="/c/chechnya-100/share?lang=fr"');
    expect(html).not.toContain('<form');
  });

  test('shows everything that a campaign has, and nothing of what it has not', () => {
    const full = campaignPage(fullCampaign());
    const bare = campaignPage(campaignView());
    for (const part of ['hero-picture', 'letter', 'updates', 'sources', 'donation', 'addressee']) {
      expect(full, part).toContain(`class="${part}"`.replace('"letter"', '"sheet letter"'));
      expect(bare, part).not.toMatch(new RegExp(`class="(sheet )?${part}"`));
    }
    expect(full).not.toContain('people follow');
    expect(full).toContain('width="1280" height="853"');
    expect(full).toContain('640w, ');
    expect(full.indexOf('The ministry has answered')).toBeLessThan(full.indexOf('Ten thousand'));
    expect(full).toContain('<details><summary>Earlier news</summary>');
    // News that is in another language says so.
    expect(full).toContain('<div class="story" lang="ru" dir="ltr"><p>Мы начали.</p>');
  });

  test('says after the moment, first of all, whether it went out', () => {
    const html = campaignPage(settledCampaign());
    const moment = /<section class="moment moment-told"[\s\S]*?<\/section>/.exec(html)?.[0] ?? '';
    expect(moment).toContain('>12,398<');
    const followed = campaignPage({ ...settledCampaign(), reach: 3_100_000 });
    expect(followed).toContain('At least 3,100,000 people follow those who took part.');
    expect(moment).toContain('of 12,431 posts went out');
    expect(moment).toContain('The first went out 3 ms after the moment');
    expect(moment).toContain('the last after 1.5 sec');
    expect(html.match(/<rect x=/g)).toHaveLength(16);
    const none = campaignView('en', {
      state: 'settled',
      result: {
        total: 0,
        posted: 0,
        refused: 0,
        refusedBy: [],
        unconfirmed: 0,
        stillToCome: 0,
        byHand: 0,
        lateness: null,
        curve: [],
      },
    });
    expect(campaignPage(none)).toContain('of 0 posts went out');
    expect(campaignPage(none)).not.toContain('arrival');
  });

  test.each(LOCALES)(
    'B5 names in %s the networks that took not every post, and what helps',
    (locale) => {
      const view = settledCampaign();
      const t = translator(locale);
      const html = campaignPage({ ...view, locale });
      const list = new Intl.ListFormat(locale).format(['Mastodon', 'X']);
      expect(html).toContain(t('result.refused_by', { platforms: list }));
      expect(html).toContain(t('result.refused_next'));
      const result = view.result && { ...view.result, refusedBy: [] };
      const late = campaignPage({ ...view, locale, result });
      expect(late).toContain(t('result.refused_next'));
      expect(late).not.toContain(t('result.refused_by', { platforms: '' }).slice(0, 12));
      const none = result && { ...result, refused: 0 };
      expect(campaignPage({ ...view, locale, result: none })).not.toContain(
        t('result.refused_next'),
      );
    },
  );

  test('C3 a date and what follows it have the comma of the language’s script between them', () => {
    for (const [name, html] of Object.entries(supporterPages('ar'))) {
      const own = unescapeHtml(html.replace(/<head>[\s\S]*?<\/head>/, '').replace(/<[^>]+>/g, ''));
      expect(own, name).not.toMatch(/2027, |\p{Script=Arabic}, /u);
    }
    const { date, time, zone } = momentWords('ar', widgetView('ar').moment);
    expect(cardAlt(widgetView('ar'), 'host')).toContain(`${date}، ${time} (${zone})`);
  });

  test('says when, in the zone of the campaign and in UTC', () => {
    const html = campaignPage(campaignView('ru'));
    expect(html).toContain('Суббота, 10 июля 2027 г., 11:00');
    expect(html).toContain('Москва, стандартное время');
    expect(html).toContain('>08:00<');
    expect(html).toContain('data-countdown="2027-07-10T08:00:00Z"');
  });

  test.each([
    ['en', 'Saturday 11:00 in Moscow', '%1 for you, %2 in Moscow'],
    ['fr', 'Samedi 11:00 à Moscou', '%1 chez vous, %2 à Moscou'],
    ['ru', 'Суббота 11:00 (Москва)', '%1 у вас, %2 (Москва)'],
    ['ar', 'السبت 11:00 في موسكو', '%1 بتوقيتك، %2 في موسكو'],
  ])('says it as people do, in %s', (locale, alone, both) => {
    const html = campaignPage(campaignView(locale));
    expect(html).toContain(`>${alone}</time>`);
    expect(html).toContain(`data-both="${both}"`);
  });

  test('names the zone where it is no place', () => {
    const moment = { instant: '2027-07-10T08:00:00Z', wall: '2027-07-10T08:00', zone: 'Etc/UTC' };
    const html = campaignPage(campaignView('en', { moment }));
    expect(html).toContain('>Saturday 08:00 (Coordinated Universal Time)</time>');
  });

  test('names the day in UTC where it is another one', () => {
    const moment = {
      instant: '2027-07-09T22:30:00Z',
      wall: '2027-07-10T08:30',
      zone: 'Asia/Tokyo',
    };
    const html = campaignPage(campaignView('en', { moment }));
    expect(html).toContain('Saturday, 10 July 2027, 08:30');
    expect(html).toContain('Friday, 9 July 2027, 22:30');
  });

  test('shows seconds where the moment is not on the minute', () => {
    const wall = '2027-07-10T11:00:25';
    const moment = { instant: '2027-07-10T08:00:25.000Z', wall, zone: 'Europe/Moscow' };
    const html = campaignPage(campaignView('en', { moment }));
    expect(html).toContain('Saturday, 10 July 2027, 11:00:25');
    expect(html).toContain('>08:00:25<');
  });

  test('can be joined only while it is open', () => {
    for (const state of ['draft', 'locked', 'firing', 'settled', 'cancelled', 'aborted'] as const) {
      const html = campaignPage(campaignView('en', { state }));
      expect(html, state).not.toContain('href="/join/');
      expect(html, state).toContain(`data-state="${state}"`);
    }
    expect(campaignPage(campaignView())).toContain('href="/join/');
  });

  test('inflects numbers by the rules of the language', () => {
    const joined = (locale: string, n: number) =>
      campaignPage(campaignView(locale, { joined: n })).match(/joined-count">([^<]*)</)?.[1];
    expect(joined('ru', 21)).toBe('Присоединился 21 человек');
    expect(joined('ru', 3)).toBe('Присоединились 3 человека');
    expect(joined('fr', 1)).toBe('1 personne participe');
    expect(joined('fr', 2_000_000)).toMatch(/^2.000.000 de personnes participent$/);
  });

  test('sets a title as large as its longest word lets it, where a line may end between any two letters', () => {
    const sizeOf = (title: string, textLocale: string) =>
      /<h1 class="poster (poster-\w+)/.exec(
        campaignPage(campaignView('en', { title, textLocale })),
      )?.[1];
    expect(sizeOf('停止在维约萨河上修建新的水坝并保护最后一条自由流淌的河流', 'zh-Hans')).toBe(
      'poster-large',
    );
    expect(sizeOf('หยุดเขื่อนบนแม่น้ำวโจซาเดี๋ยวนี้', 'th')).toBe('poster-large');
    expect(sizeOf('Donaudampfschifffahrtsgesellschaft', 'de')).toBe('poster-tiny');
  });

  test('offers each language by link and to search engines', () => {
    const html = campaignPage(campaignView('it'));
    const alternate = (tag: string, query: string) =>
      `<link rel="alternate" hreflang="${tag}" href="https://tocsin.example/c/chechnya-100${query}"/>`;
    for (const tag of LOCALES) expect(html).toContain(alternate(tag, `?lang=${tag}`));
    expect(html).toContain(alternate('x-default', ''));
    expect(receiptPage(receiptView())).not.toContain('rel="alternate"');
    expect(html).toMatch(/lang="it" hreflang="it" aria-current="true">Italiano</);
  });
});

describe('an instance without a network', () => {
  test.each(LOCALES)('says in %s that nobody can join yet, and has nothing to press', (locale) => {
    const html = campaignPage(campaignView(locale, { options: [] }));
    expect(html).not.toContain('href="/join/');
    expect(html).toContain('href="/at/code');
    expect(html).toContain('id="join"');
  });

  test('tells operators what is missing, and no longer once it is there', () => {
    const view = operatorHomeView();
    expect(operatorHomePage({ ...view, networks: [] })).toContain('X_CLIENT_ID');
    expect(operatorHomePage(view)).not.toContain('X_CLIENT_ID');
  });
});

describe('the operators’ home', () => {
  test('says what is held, and stops the instance and each platform', () => {
    const html = operatorHomePage(operatorHomeView());
    expect(html).toContain('data-hold="broken"');
    for (const base of ['/ops/instance', '/ops/platforms/x']) {
      for (const verb of ['pause', 'resume', 'abort']) {
        expect(html).toContain(`method="post" action="${base}/${verb}"`);
      }
    }
    // The buttons of a campaign are on its own page.
    expect(html).toContain('href="/ops/campaigns/chechnya-100#stop"');
    expect(html).not.toContain('href="/ops#stop"');
  });
});

describe('personal pages', () => {
  test('give nothing away in title or address bar, and are not indexed', () => {
    for (const html of [receiptPage(receiptView('posted')), noticePage(noticeView('denied'))]) {
      expect(html).toMatch(/<title>(Your receipt|Tocsin)<\/title>/);
      expect(html).toContain('<meta name="robots" content="noindex"/>');
      expect(html).not.toContain('og:');
    }
    expect(campaignPage(campaignView())).not.toContain('noindex');
  });

  test('the receipt carries its state and the way out while there is one', () => {
    const open = receiptPage(receiptView('pledged'));
    expect(open).toMatch(/<main[^>]* data-state="pledged"/);
    expect(open).toContain('method="post" action="/r/secret/withdraw"');
    // Withdrawing and erasing are asked for once before.
    for (const action of ['/withdraw', '/erase']) {
      expect(open).toMatch(
        new RegExp(`<details[^>]*><summary[^>]*>[^<]+</summary><form[^>]*${action}"`),
      );
    }
    const posted = receiptPage(receiptView('posted', 'fr'));
    expect(posted).toMatch(/<main[^>]* data-state="posted"/);
    expect(posted).not.toContain('/withdraw');
    expect(posted).toMatch(/11:00:00,4</);
    expect(posted).toContain('href="https://x.com/i/web/status/1900000000000000000"');
    expect(posted).toContain('/erase"');
  });

  test('a receipt of several posts says how many, and each has a heading and a form of its own', () => {
    const html = receiptPage(severalReceiptView());
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html).toContain('Your 2 posts</h1>');
    expect(html.match(/<article[^>]*aria-labelledby="state-[^"]+"/g)).toHaveLength(2);
    const ids = [...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(html).toMatch(/action="\/r\/secret\/reconnect"><input[^>]*name="pledge"[^>]*0002"/);
    expect(html).toContain('You signed this text yourself');
  });

  test('the QR code on a receipt leads to the campaign, never to the receipt', () => {
    const view = receiptView();
    const html = receiptPage(view);
    expect(html).toContain(qrSvg(view.share?.link ?? '', `QR code for ${view.share?.link}`));
    expect(html.match(/r\/secret(?=["? ])/g)?.length).toBeGreaterThan(0);
    expect(html).not.toContain(qrSvg(view.address));
  });
});
