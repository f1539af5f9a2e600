import { describe, expect, test } from 'vitest';
import {
  accountPage,
  assistedPage,
  campaignPage,
  changePage,
  LOCALES,
  receiptPage,
  wordsPage,
} from '../../src/web/index.ts';
import { assistedView, campaignView } from './campaign-samples.ts';
import { unescapeHtml } from './html.ts';
import { accountOption, accountView, textOn, wordsView } from './join-samples.ts';
import { agreedView, changeView, receiptEntry, receiptView } from './receipt-samples.ts';

const WARNING = 'Torture “&” <script>alert(1)</script> שלום';
const MASTODON = { platform: 'mastodon', label: 'Mastodon', limit: 500, contentWarning: WARNING };
/** Each language's own name for it; on the page with a colon, and where only some networks have it, with their names. */
const LABELS: Readonly<Record<string, string>> = {
  ar: 'تحذير بشأن المحتوى',
  de: 'Inhaltswarnung',
  en: 'Content warning',
  es: 'Advertencia de contenido',
  fr: 'Avertissement sur le contenu',
  it: 'Avviso sul contenuto',
  ru: 'Предупреждение о содержании',
  uk: 'Попередження про вміст',
};

/** What is said of content warnings on a page, each in front of which text. */
function warningsIn(html: string) {
  const line =
    /<p class="content-warning"><b>([^<]*)<\/b> <span lang="([^"]*)" dir="([^"]*)">([^<]*)<\/span><\/p>(?:<p class="content-warning-hint">([^<]*)<\/p>)?/g;
  return [...html.matchAll(line)].map((match) => {
    const [all, label = '', lang, dir, warning = '', hint = ''] = match;
    const { index } = match;
    const rest = html.slice(index + all.length, index + all.length + 60);
    return {
      ...{ label: unescapeHtml(label), lang, dir, hint: unescapeHtml(hint) },
      ...{ warning: unescapeHtml(warning), isBeforeText: /<blockquote class="exact"/.test(rest) },
    };
  });
}

describe.each(LOCALES)('B16 a content warning, in %s', (locale) => {
  const label = LABELS[locale] ?? 'none';
  // In the language of the text, whatever the page's.
  const he = {
    ...{ label: expect.stringMatching(`^${label}\\s?:$`), lang: 'he', dir: 'rtl', hint: '' },
    ...{ warning: WARNING, isBeforeText: true },
  };
  const onMastodon = { ...he, label: expect.stringMatching(`^${label},? .*Mastodon\\s?:$`) };
  const hinted = { ...onMastodon, hint: expect.stringContaining('Mastodon') };

  test('B16 is above each text for those who have it, on the page for words', () => {
    const text = 'Hear us.';
    const on = [textOn({ text }), textOn({ ...MASTODON, text })];
    const wordings = [0, 1].map((variant) => ({ variant, text, on }));
    const own = { allowed: true, value: text, problem: null, on };
    const change = { textLocale: 'he', wordings, own, fields: [] };
    const [first, second, third, ...more] = warningsIn(wordsPage(wordsView(locale, change)));
    expect([first, second]).toEqual([onMastodon, onMastodon]);
    // Above the field for one's own, with what becomes of it.
    expect([third, more]).toEqual([{ ...hinted, isBeforeText: false }, []]);

    const only = { ...change, wordings: wordings.slice(0, 1), own: { ...own, allowed: false } };
    expect(warningsIn(wordsPage(wordsView(locale, only)))).toEqual([hinted]);
    const none = { ...only, wordings: [{ variant: 0, text, on: [textOn({ text })] }] };
    expect(wordsPage(wordsView(locale, none))).not.toContain('content-warning');
  });

  test('B16 is above the text that is agreed to, and on the receipt', () => {
    const options = [accountOption(), accountOption(MASTODON)];
    const account = accountPage(accountView(locale, null, { textLocale: 'he', options }));
    expect(warningsIn(account)).toEqual([hinted]);
    const single = accountView(locale, null, { textLocale: 'he', options: options.slice(1) });
    expect(warningsIn(accountPage(single))).toEqual([{ ...hinted, label: he.label }]);

    const change = changePage(changeView(locale, { textLocale: 'he', on: textOn(MASTODON) }));
    expect(warningsIn(change)).toEqual([{ ...hinted, label: he.label }]);

    const agreed = { ...agreedView(locale), textLocale: 'he', contentWarning: WARNING };
    const entries = [receiptEntry('pledged', locale, { agreed }), receiptEntry('pledged', locale)];
    expect(warningsIn(receiptPage({ ...receiptView('pledged', locale), entries }))).toEqual([he]);
  });

  test('B16 makes a sheet of its own on the campaign’s page', () => {
    const options = [textOn(), textOn({ platform: 'bluesky', label: 'Bluesky' }), textOn(MASTODON)];
    const page = campaignPage(campaignView(locale, { textLocale: 'he', options }));
    expect(warningsIn(page)).toEqual([he]);
    expect(page.split('<figure class="sheet">')).toHaveLength(3);
    const same = options.map(({ contentWarning: _, ...option }) => option);
    const plain = campaignPage(campaignView(locale, { options: same }));
    expect(plain.split('<figure class="sheet">')).toHaveLength(2);
  });

  test('B16 is to be written in by hand where people post by themselves', () => {
    const view = assistedView(locale);
    const [way] = view.ways;
    if (!way) throw new Error('There is no way');
    const ways = [way, { ...way, name: 'mastodon', label: 'Mastodon', contentWarning: WARNING }];
    const page = assistedPage({ ...view, textLocale: 'he', ways });
    expect(warningsIn(page)).toEqual([hinted]);
    expect(warningsIn(page)[0]?.hint).toContain('CW');
  });
});
