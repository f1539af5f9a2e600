import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { WHERE_PROBLEMS } from '../../src/domain/where.ts';
import {
  campaignPage,
  homePage,
  LOCALES,
  noticePage,
  operatorHomePage,
  receiptPage,
} from '../../src/web/index.ts';
import { allPages, supporterPages, unescapeHtml } from './html.ts';
import {
  campaignView,
  campaignWithAll,
  campaignWithFields,
  homeView,
  joinOption,
  noticeView,
  operatorHomeView,
  receiptView,
} from './samples.ts';

const pages = allPages();

describe('every page', () => {
  test('is a whole document', () => {
    for (const [name, html] of Object.entries(pages)) {
      expect(html, name).toMatch(/^<!doctype html><html lang="[a-z]{2}" dir="(ltr|rtl)">/);
      expect(html.match(/<h1[ >]/g), name).toHaveLength(1);
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
        /<[^>]*\s(?:src|href|action|formaction|data-events-url)="(?!\/(?!\/)|#)([^"]*)"[^>]*>/g,
      )) {
        expect(tag, `${name}: ${address}`).toMatch(/^<a .*rel="noopener (nofollow|noreferrer)"/);
      }
    }
  });

  test('speaks the language that its lang attribute says', () => {
    for (const locale of LOCALES) {
      for (const [name, html] of Object.entries(supporterPages(locale))) {
        expect(html, name).toContain(`<html lang="${locale}" dir="ltr">`);
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
        fields: [{ name: 'name', value: evil, problem: evil }],
        options: [
          joinOption({ label: evil, text: evil }),
          joinOption({ platform: 'y', label: evil, text: evil, asks: 'server', typed: evil }),
        ],
      }),
    );
    inert(html);
    expect(html).toContain('action="/c/a%22b/join"');
    expect(html).toContain('$t(frame.skip) {{n}}');
  });

  test('a receipt full of script comes out inert', () => {
    const words = { campaignTitle: evil, organiser: evil, platformLabel: evil, handle: evil };
    const rest = { text: evil, scope: evil, textHash: evil, policyVersion: evil };
    inert(receiptPage(receiptView('waiting', 'fr', { ...words, ...rest })));
  });

  test('cards and notices full of script come out inert', () => {
    const [card] = homeView().campaigns;
    if (!card) throw new Error('no card');
    inert(homePage({ ...homeView(), campaigns: [{ ...card, title: evil, organiser: evil }] }));
    inert(noticePage({ ...noticeView('denied'), campaign: { slug: 'a', title: evil } }));
  });
});

describe('the campaign page', () => {
  test('shows the text byte for byte, with the fingerprint of just that text', () => {
    const text = '  “Ünï”\t<b> & \'x\' "y"\n\n #тег 👩‍👩‍👧 \u200fעברית\u00a0!  ';
    const html = campaignPage(campaignView('en', { options: [joinOption({ text, length: 9 })] }));
    const shown = /<blockquote class="exact"[^>]*>([\s\S]*?)<\/blockquote>/.exec(html)?.[1] ?? '';
    expect(Buffer.from(unescapeHtml(shown))).toEqual(Buffer.from(text));
    const hash = createHash('sha256').update(text).digest('hex');
    expect(html).toContain(`name="shown_x" value="${hash}"`);
  });

  test('posts what the route needs, with one button a platform', () => {
    const one = campaignPage(campaignView('fr'));
    expect(one).toContain('method="post" action="/c/chechnya-100/join"');
    expect(one).toContain('type="hidden" name="platform" value="x"');
    expect(one).toContain('name="lang" value="fr"');
    expect(one).toContain('name="text_locale" value="fr"');
    const three = campaignPage(campaignWithFields());
    expect(three).not.toContain('type="hidden" name="platform"');
    for (const platform of ['x', 'bluesky', 'mastodon']) {
      expect(three).toContain(`name="platform" value="${platform}"`);
      expect(three).toContain(`name="shown_${platform}"`);
    }
  });

  test('asks for a server or a handle right above that button, and nowhere else', () => {
    const html = campaignPage(campaignWithAll());
    for (const platform of ['mastodon', 'bluesky']) {
      const way = html.split(`data-way="${platform}"`)[1]?.split('</button>')[0] ?? '';
      expect(way).toContain(`<label for="where-${platform}">`);
      expect(way).toContain(`name="where_${platform}" type="text" value `);
      expect(way).toContain(`name="platform" value="${platform}"`);
    }
    expect(html.match(/name="where_/g)).toHaveLength(2);
    expect(html).not.toMatch(/\srequired|autofocus|field-problem/);
    expect(campaignPage(campaignView())).not.toContain('name="where_');
  });

  test('has a first button that names no platform, for Enter in a field', () => {
    const first = (html: string) => /<button[^>]*>/.exec(html)?.[0];
    expect(first(campaignPage(campaignWithAll()))).toContain('name="platform" value tabindex="-1"');
    expect(first(campaignPage(campaignView()))).toContain('button-join');
  });

  test('says at the field what is wrong with it, in every language', () => {
    for (const locale of LOCALES) {
      const said = WHERE_PROBLEMS.map((problem) => {
        const html = campaignPage(campaignWithAll(locale, problem));
        const [field = ''] = /<input id="where-mastodon"[^>]*>/.exec(html) ?? [];
        expect(field).toContain('value="@zoe@rivers.example"');
        expect(field).toContain('aria-describedby="where-mastodon-problem where-mastodon-hint"');
        expect(field).toContain('aria-invalid="true" autofocus');
        expect(html.match(/autofocus/g)).toHaveLength(1);
        return /id="where-mastodon-problem">([^<]+)</.exec(html)?.[1];
      });
      expect(new Set(said).size).toBe(WHERE_PROBLEMS.length);
      expect(said).not.toContain(undefined);
    }
  });

  test('previews the filled-in text without scripts', () => {
    const html = campaignPage(campaignWithFields());
    expect(html).toContain('type="submit" formmethod="post" name="show" value="text"');
    expect(html).toContain('name="place"');
    expect(html).toContain('aria-invalid="true"');
    expect(html).toContain('role="alert"');
  });

  test('says when, in the zone of the campaign and in UTC', () => {
    const html = campaignPage(campaignView('ru'));
    expect(html).toContain('Суббота, 10 июля 2027 г., 11:00');
    expect(html).toContain('Москва, стандартное время');
    expect(html).toContain('>08:00<');
    expect(html).toContain('data-countdown="2027-07-10T08:00:00Z"');
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
      expect(html, state).not.toContain('<form');
      expect(html, state).toContain(`data-state="${state}"`);
    }
    expect(campaignPage(campaignView())).toContain('<form');
  });

  test('inflects numbers by the rules of the language', () => {
    const joined = (locale: string, n: number) =>
      campaignPage(campaignView(locale, { joined: n })).match(/joined-count">([^<]*)</)?.[1];
    expect(joined('ru', 21)).toBe('Присоединился 21 человек');
    expect(joined('ru', 3)).toBe('Присоединились 3 человека');
    expect(joined('fr', 1)).toBe('1 personne participe');
    expect(joined('fr', 2_000_000)).toMatch(/^2.000.000 de personnes participent$/);
  });

  test('offers each language by link and to search engines', () => {
    const html = campaignPage(campaignView('it'));
    expect(html).toContain('<link rel="alternate" hreflang="fr" href="/c/chechnya-100?lang=fr"/>');
    expect(html).toMatch(/lang="it" hreflang="it" aria-current="true">Italiano</);
  });
});

describe('an instance without a network', () => {
  test.each(LOCALES)('says in %s that nobody can join yet, and has nothing to press', (locale) => {
    const html = campaignPage(campaignView(locale, { options: [] }));
    expect(html).not.toContain('<form');
    expect(html).not.toContain('href="#join"');
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
    const posted = receiptPage(receiptView('posted', 'fr'));
    expect(posted).toMatch(/<main[^>]* data-state="posted"/);
    expect(posted).not.toContain('/withdraw');
    expect(posted).toContain('11:00:00,412');
    expect(posted).toContain('href="https://x.com/i/web/status/1900000000000000000"');
  });
});
