import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { LOCATOR_PROBLEMS } from '../../src/domain/account-locator.ts';
import { PROBLEM_KINDS } from '../../src/domain/errors.ts';
import { PERMISSIONS, RETURNS } from '../../src/domain/permission.ts';
import { translator } from '../../src/web/i18n.ts';
import {
  accountPage,
  assistedPage,
  beforePage,
  countAnswer,
  LOCALES,
  noticePage,
  wordsPage,
} from '../../src/web/index.ts';
import { assistedView } from './campaign-samples.ts';
import { unescapeHtml } from './html.ts';
import {
  accountOption,
  accountView,
  againAccountView,
  beforeView,
  textOn,
  wordsView,
} from './join-samples.ts';
import { noticeView } from './receipt-samples.ts';

const EVIL = `</title><script>alert(1)</script><img src=x onerror=alert(1)>"' $t(frame.skip) {{n}}`;
const ODD = '“Ünï”\t<b> & \'x\' "y"\n\n #тег 👩‍👩‍👧 \u200fעברית\u00a0!';

function exactIn(html: string): string {
  const shown = /<blockquote class="exact"[^>]*>([\s\S]*?)<\/blockquote>/.exec(html)?.[1];
  return unescapeHtml(shown ?? '');
}

/** Public, under a name, in the same second. */
const AS_PUBLIC: Readonly<Record<string, readonly string[]>> = {
  en: ['just as public', 'name, in the same second'],
  de: ['öffentlich', 'Namen, in derselben Sekunde'],
  es: ['pública', 'nombre y en el mismo segundo'],
  fr: ['publique', 'nom, à la même seconde'],
  it: ['pubblico', 'nome, nello stesso secondo'],
  ru: ['всем', 'именем, в ту же секунду'],
  uk: ['всім', 'іменем, тієї самої секунди'],
  ar: ['علني', 'وفي الثانية نفسها'],
};

const PRIVATE: Readonly<Record<string, string>> = {
  en: 'in private only',
  de: 'im Vertrauen',
  es: 'en privado',
  fr: 'en privé',
  it: 'in privato',
  ru: 'только лично',
  uk: 'лише особисто',
  ar: 'على انفراد',
};

describe('the page that asks whether it is safe', () => {
  test('says in every language who sees it and when not to join, before the way on', () => {
    for (const locale of LOCALES) {
      const html = beforePage(beforeView(locale));
      const dont = html.indexOf('<strong>');
      const go = html.indexOf('href="/join/code/words"');
      expect(dont, locale).toBeGreaterThan(0);
      expect(go, locale).toBeGreaterThan(dont);
      expect(html.indexOf('href="/at/code"'), locale).toBeGreaterThan(go);
    }
  });

  test('A11 calls nothing safe that is public: there are passing on in private, and nothing', () => {
    for (const locale of LOCALES) {
      const html = beforePage(beforeView(locale));
      const [rest = '', unsafe = ''] = html.split('<section class="before-instead"');
      // Posting by hand is beside the button for those for whom it is safe, and its consequences are said with it.
      expect(rest, locale).toContain('href="/at/code"');
      expect(unsafe.split('</section>')[0], locale).not.toMatch(/<a |href|<button/);
      expect(unsafe.match(/<li>/g), locale).toHaveLength(2);
      expect(unsafe, locale).toContain(PRIVATE[locale] ?? 'words of this language');
    }
  });

  test.each(LOCALES)(
    'A11 says in %s that a post by hand is as public, under the same name, in the same second',
    (locale) => {
      const beside = beforePage(beforeView(locale)).split('class="before-assisted"')[1] ?? '';
      const byHand = assistedPage(assistedView(locale));
      for (const [where, text] of [
        ['before', beside.split('</div>')[0] ?? ''],
        ['assisted', byHand],
      ] as const) {
        for (const word of AS_PUBLIC[locale] ?? ['words of this language']) {
          expect(text, `${where}: ${word}`).toContain(word);
        }
      }
      // What it said before, and what was understood as a promise.
      expect(byHand + beside).not.toMatch(
        /leave no name|keinen Namen|ningún nombre|aucun nom|alcun nome|не оставляете имени|не залишаєте імені|أي اسم/,
      );
    },
  );

  test('can be left at once, first of all, as every step can', () => {
    for (const html of [
      beforePage(beforeView()),
      wordsPage(wordsView()),
      accountPage(accountView()),
    ]) {
      const [, main = ''] = html.split(/<main[^>]*>/);
      expect(main).toMatch(/^<p class="exit"><a href="https:\/\/www\.example\.org\/"/);
      expect(html).toContain('/assets/exit.js');
      expect(html).toMatch(/<title>(Before you join|Your words|Your account)<\/title>/);
    }
  });
});

describe('the page for words', () => {
  test('has a choice for each wording, called by its text, and one of one’s own', () => {
    const html = wordsPage(wordsView('en', { chosen: 1 }));
    expect(html.match(/<input[^>]*type="radio"/g)).toHaveLength(4);
    expect(html).toMatch(/<input id="wording-1"[^>]*checked[^>]*aria-labelledby="wording-1-text /);
    expect(html.match(/ checked/g)).toHaveLength(1);
    expect(html).toContain('data-count="/join/code/count"');
  });

  test('shows each text to the byte, and gives one’s own back to the byte', () => {
    const on = [textOn({ text: ODD })];
    const html = wordsPage(
      wordsView('en', {
        wordings: [{ variant: 0, text: ODD, on }],
        own: { allowed: true, value: `\n${ODD}`, problem: null, on },
      }),
    );
    expect(exactIn(html)).toBe(ODD);
    // HTML drops the first line break in a field.
    const field = /<textarea[^>]*>\n([\s\S]*?)<\/textarea>/.exec(html)?.[1] ?? '';
    expect(unescapeHtml(field)).toBe(`\n${ODD}`);
  });

  test('asks for no choice where there is none', () => {
    const [only] = wordsView().wordings;
    if (!only) throw new Error('no wording');
    const own = { allowed: false, value: '', problem: null, on: [] };
    const html = wordsPage(wordsView('en', { wordings: [only], own, fields: [] }));
    expect(html).not.toMatch(/type="radio"|<textarea|words\.js|<fieldset/);
    expect(html).toContain('<input type="hidden" name="wording" value="0"');
  });

  test('previews the filled-in text without scripts, and says what is wrong at its field', () => {
    const html = wordsPage(wordsView());
    expect(html).toContain('type="submit" name="show" value="text"');
    expect(html).toMatch(
      /<input id="field-place"[^>]*aria-describedby="problem-place fields-hint"/,
    );
    expect(html).toContain('This has 63 characters; 30 are the most.');
  });

  test('has a sentence for everything that can be wrong, in every language', () => {
    const values = { length: 63, most: 30, line: 2, column: 7, code: 'U+202E', seen: '�' };
    for (const locale of LOCALES) {
      const said = PROBLEM_KINDS.map((kind) => {
        const { own } = wordsView();
        const problem = { kind, values };
        const html = wordsPage(wordsView(locale, { own: { ...own, problem }, fields: [] }));
        const sentence = /id="problem-own">([^<]+)</.exec(html)?.[1];
        expect(wordsPage(wordsView(locale, { notice: problem, fields: [] }))).toContain(
          `role="alert">${sentence}`,
        );
        return sentence;
      });
      expect(said).not.toContain(undefined);
      expect(new Set(said).size).toBeGreaterThanOrEqual(PROBLEM_KINDS.length - 1);
    }
  });

  test('comes out inert, however full of script it is', () => {
    const on = [textOn({ label: EVIL, text: EVIL })];
    const html = wordsPage(
      wordsView('en', {
        wordings: [{ variant: 0, text: EVIL, on }],
        fields: [{ name: 'name', value: EVIL, problem: null }],
        own: { allowed: true, value: EVIL, problem: null, on },
      }),
    );
    expect(html).not.toMatch(/<script>|<img/i);
    expect(html).toContain('$t(frame.skip) {{n}}');
  });
});

describe('the counter', () => {
  const on = [textOn({ length: 281 }), textOn({ platform: 'y', label: 'Y', limit: 300 })];
  const own = { allowed: true, value: '', problem: null, on };

  test('says which platform takes no text as long', () => {
    expect(countAnswer(own, 'en')).toEqual({
      lengths: [
        { platform: 'x', words: 'X: 281 of 280 characters', over: true },
        { platform: 'y', words: 'Y: 197 of 300 characters', over: false },
      ],
      said: 'X takes no text as long as this one: it is 1 character too long.',
    });
    expect(wordsPage(wordsView('en', { own }))).toMatch(
      /role="status"[^>]*>X takes no text as long as this one/,
    );
  });

  test('says first what is wrong with the text itself', () => {
    const problem = { kind: 'own_empty', values: {} } as const;
    expect(countAnswer({ ...own, problem }, 'fr').said).toContain('Il n’y a encore rien ici');
  });
});

describe('the page for an account', () => {
  test('shows the text byte for byte, with the fingerprint of just that text', () => {
    const textHash = createHash('sha256').update(ODD).digest('hex');
    const html = accountPage(accountView('en', null, { text: ODD, textHash }));
    expect(Buffer.from(exactIn(html))).toEqual(Buffer.from(ODD));
    expect(html).toContain(`name="shown" value="${textHash}"`);
  });

  test('posts what the route needs, with one button a platform', () => {
    const one = accountPage(accountView('fr', null, { options: [accountOption()] }));
    expect(one).toContain('method="post" action="/i/secret/join" data-once');
    expect(one).toContain('type="hidden" name="platform" value="x"');
    expect(one).toContain('name="lang" value="fr"');
    const all = accountPage(accountView());
    expect(all).not.toContain('type="hidden" name="platform"');
    expect(all.match(/class="button button-join"/g)).toHaveLength(7);
    for (const platform of ['x', 'bluesky', 'mastodon', 'nostr']) {
      expect(all).toContain(`name="platform" value="${platform}"`);
    }
    expect(all).toContain('Tiny takes no text as long as this one: it is 112 characters too long.');
  });

  test('says for each platform what it lets us do, what not, and how to take it back', () => {
    for (const locale of LOCALES) {
      const html = accountPage(accountView(locale));
      expect(
        html.match(/<details class="way-facts" aria-labelledby="about-[a-z]+">/g),
        locale,
      ).toHaveLength(7);
    }
    const said = (change: object) => {
      const html = accountPage(accountView('en', null, { options: [accountOption(change)] }));
      return /<details class="way-facts"[\s\S]*?<\/details>/.exec(html)?.[0] ?? '';
    };
    const each = PERMISSIONS.map((permission) => said({ permission, label: 'Here' }));
    expect(new Set(each).size).toBe(PERMISSIONS.length);
    const returns = RETURNS.map((one) => said({ returns: one, label: 'Here' }));
    expect(new Set(returns).size).toBe(RETURNS.length);
    // Nothing is given back where nothing was given.
    const nostr = said({ permission: 'signature', returns: 'unsent', label: 'Nostr' });
    expect(nostr).toContain('There is no permission, and your key never comes here');
    expect(nostr).not.toMatch(/give the permission back|settings/);
  });

  test('asks for a server or a handle right above that button, and nowhere else', () => {
    const html = accountPage(accountView());
    for (const platform of ['mastodon', 'bluesky']) {
      const way = html.split(`data-way="${platform}"`)[1]?.split('</button>')[0] ?? '';
      expect(way).toContain(`<label for="where-${platform}">`);
      expect(way).toContain(`name="where_${platform}" type="text" value `);
      expect(way).toContain(`name="platform" value="${platform}"`);
    }
    expect(html.match(/name="where_/g)).toHaveLength(2);
    expect(html).toMatch(/list="where-mastodon-known"[\s\S]*<datalist id="where-mastodon-known">/);
    expect(html).not.toMatch(/\srequired|autofocus|field-problem/);
  });

  test('has a first button that names no platform, for Enter in a field', () => {
    const first = (html: string) => /<button[^>]*>/.exec(html)?.[0];
    expect(first(accountPage(accountView()))).toContain('name="platform" value tabindex="-1"');
    const only = accountPage(accountView('en', null, { options: [accountOption()] }));
    expect(first(only)).toContain('button-join');
  });

  test('says at the field what is wrong with it, in every language, and what may be meant', () => {
    for (const locale of LOCALES) {
      const said = LOCATOR_PROBLEMS.map((problem) => {
        const html = accountPage(accountView(locale, problem));
        const [field = ''] = /<input id="where-mastodon"[^>]*>/.exec(html) ?? [];
        expect(field).toContain('value="@zoe@rivers.example"');
        expect(field).toContain('aria-describedby="where-mastodon-problem where-mastodon-hint"');
        expect(field).toContain('aria-invalid="true" autofocus');
        expect(html.match(/autofocus/g)).toHaveLength(1);
        expect(html).toMatch(/name="take_mastodon" value="mastodon\.social">[^<]*mastodon\.social/);
        // What is known to be wrong cannot be insisted on.
        expect(html).not.toContain('name="sure_mastodon"');
        return /id="where-mastodon-problem">([^<]+)</.exec(html)?.[1];
      });
      expect(new Set(said).size).toBe(LOCATOR_PROBLEMS.length);
      expect(said).not.toContain(undefined);
    }
  });

  test('lets who means a doubted name insist on it', () => {
    const doubted = accountOption({
      requires: 'server',
      typed: 'mastodon.socal',
      guess: 'mastodon.social',
    });
    const html = accountPage(accountView('en', null, { options: [doubted] }));
    expect(html).toContain('name="sure_x" value="mastodon.socal"');
    expect(html).toContain('very close to a well-known name');
  });
});

test.each(LOCALES)(
  'an account is connected again at its own server, and no other way, in %s',
  (locale) => {
    const t = translator(locale);
    const html = accountPage(againAccountView(locale));
    expect(html.match(/data-way="/g)).toHaveLength(1);
    expect(html).toMatch(/<input id="where-mastodon"[^>]* value="rivers\.example" readonly/);
    expect(html).toContain(t('account.again'));
    expect(html).toContain(`>${t('receipt.reconnect_button')}</button>`);
    expect(html).toContain('href="/r/secret"');
    expect(html).not.toContain('/words');
    const closed = accountPage(againAccountView(locale, { options: [] }));
    expect(closed).toContain(t('account.again_closed', { platform: 'Mastodon' }));
    expect(closed).not.toContain(t('join.none_text'));
  },
);

test.each(LOCALES)(
  'another account than the one that joined has one way on and one back, in %s',
  (locale) => {
    const html = noticePage(noticeView('other_account', locale));
    const t = translator(locale);
    expect(html).toContain(t('notice.other_account.text'));
    expect(html).not.toContain(t('notice.receipt.text'));
    expect(html.match(/class="button"/g)).toHaveLength(1);
    expect(html).toContain(`<a class="button" href="/i/secret">${t('notice.again')}</a>`);
    expect(html).toContain(`<a href="/r/secret">${t('notice.to_receipt')}</a>`);
  },
);

test('a notice leads back, and to doing it oneself where there is time', () => {
  const html = noticePage(noticeView('closed', 'ar'));
  expect(html).toContain('href="/c/chechnya-100"');
  expect(html).toContain('href="/at/code"');
  const { back } = noticeView('closed');
  if (!back) throw new Error('no way back');
  const over = { ...noticeView('closed'), back: { ...back, assistedHref: null } };
  expect(noticePage(over)).not.toContain('/at/');
});
