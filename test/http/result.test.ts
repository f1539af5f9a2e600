import { beforeAll, expect, it } from 'vitest';
import { LOCALES } from '../../src/web/index.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { type Caller, keyHolder } from './api.ts';
import { openEvents } from './events.ts';
import { cookieHeader, signedIn } from './operator.ts';

const HANDLES = Array.from({ length: 14 }, (_, n) => `result_${n}`);
/** Their posts arrive, and nothing of the answer does; the network lets no timeline be read. */
const DOUBTFUL = HANDLES.slice(0, 2);

const NOT_KNOWN: Readonly<Record<string, string>> = {
  en: '2 not known',
  de: '2 ungewiss',
  es: '2 sin certeza',
  fr: '2 sans certitude',
  it: '2 senza certezza',
  ru: 'точно не известно: 2',
  uk: 'достеменно невідомо: 2',
  ar: 'غير مؤكد: 2',
};

interface Answer {
  state: string;
  result: Record<string, number> | null;
}

needs('postgres')('the result of a campaign', () => {
  let stage: TestStage;
  let campaign: OpenedCampaign;
  let api: Caller;

  const delivery = async () =>
    (await api.get(`/api/v1/campaigns/${campaign.slug}/delivery`)).body as unknown as Answer;

  beforeAll(async () => {
    stage = await startStage();
    api = await keyHolder(stage.instance.ctx, stage.url, 'integrator');
    const opened = await stage.open();
    for (const handle of HANDLES) await plainBrowser().join(opened.url, handle);
    await stage.control.behaviour({ pathErrorRates: { timeline: { status500: 1 } } });
    for (const handle of DOUBTFUL) await stage.control.fault(handle, 'posts', 'resetAfterAccept');
    campaign = await stage.bringForward(opened);
    await waitFor(async () => (await delivery()).result, { timeoutMs: 60_000, what: 'the result' });
  });

  it('A10 stands over the API seconds after the last send, with what is not known beside it', async () => {
    const { state, result } = await delivery();
    expect(state).toBe('settled');
    expect(result).toEqual({
      posted: 12,
      not_posted: 0,
      not_known: 2,
      looking: 2,
      still_to_come: 0,
    });
    // Two hours are left in which it is looked for.
    const shown = await api.get(`/api/v1/campaigns/${campaign.slug}`);
    expect(shown.body).toMatchObject({ state: 'settled', delivery: { result } });
    const past = await api.get('/api/v1/campaigns?list=past');
    expect(past.body?.campaigns).toMatchObject([{ slug: campaign.slug, state: 'settled' }]);
    expect((await api.get('/api/v1/campaigns?list=coming')).body?.campaigns).toEqual([]);
    expect((await stage.control.posts()).length).toBe(HANDLES.length);
  });

  it.each(LOCALES)('A10 stands on page and widget in %s', async (locale) => {
    const said = NOT_KNOWN[locale] ?? 'a language without words for it';
    // One that is kept may still be shown while a new one is being made.
    const page = await waitFor(
      async () => {
        const shown = await plainBrowser(locale).get(campaign.url);
        return shown.html.includes('data-state="settled"') && shown;
      },
      { what: 'the page with the result' },
    );
    expect(page.html).toMatch(/headline-figure">[12١٢]+</);
    expect(page.html).toContain(`data-not-known="2">${said}<`);
    const widget = await plainBrowser(locale).get(`${campaign.url}/widget?lang=${locale}`);
    expect(widget.html).toContain(said);
    // The words of the card, and of what others show of a link.
    const alt = /property="og:image:alt" content="([^"]*)"/.exec(page.html)?.[1];
    expect(alt).toContain(said);
    const card = await fetch(`${campaign.url}/card-${locale}.png`);
    expect([card.status, card.headers.get('content-type')]).toEqual([200, 'image/png']);
    const front = await plainBrowser(locale).get(`${stage.url}/`);
    expect(front.html).toContain(`<li class="bill" data-state="settled"`);
  });

  it('A10 stands on the desk and in its stream', async () => {
    const operator = await signedIn(stage);
    const path = `/ops/campaigns/${campaign.slug}`;
    const desk = await operator.get(stage.url + path);
    expect(desk.html).toContain('data-figures-state="settled"');
    expect(desk.text).toContain('2 not known, 2 still looked for');
    const home = await operator.get(`${stage.url}/ops`);
    expect(home.html).toMatch(/data-list="past"[\s\S]*data-campaign-state="settled"/);
    const events = await openEvents(`${stage.url}${path}/events`, cookieHeader(operator));
    await waitFor(() => events.seen.length > 0, { what: 'the first figures' });
    expect(events.seen[0]?.data).toContain('data-not-known="2"');
    events.close();
  });

  it('A10 becomes whole by itself once the network can be read', async () => {
    await stage.control.behaviour({});
    const whole = await waitFor(
      async () => {
        const { result } = await delivery();
        return result?.looking === 0 && result;
      },
      { timeoutMs: 60_000, what: 'the last two to be found' },
    );
    expect(whole).toMatchObject({ posted: 14, not_known: 0 });
    expect((await stage.control.posts()).length).toBe(HANDLES.length);
    await waitFor(
      async () => !(await plainBrowser().get(campaign.url)).html.includes('not known'),
      {
        what: 'the page to say so',
      },
    );
  });
});
