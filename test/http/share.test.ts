import { decodeQR } from 'qr/decode.js';
import { beforeAll, expect, it } from 'vitest';
import { createCampaign } from '../../src/actions/campaign/create-campaign.ts';
import { COUNT_PERIOD_MS } from '../../src/domain/public-count.ts';
import { LOCALES } from '../../src/web/index.ts';
import { goodCampaign } from '../support/bad-campaigns.ts';
import { unescapeHtml } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { insertPledges } from '../support/rows.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';

interface Embedding {
  version: string;
  type: string;
  html: string;
  width: number;
  height: number;
  title: string;
  thumbnail_url?: string;
}

needs('postgres')('passing a campaign on', () => {
  let stage: TestStage;
  let campaign: OpenedCampaign;
  let hidden: string;

  beforeAll(async () => {
    stage = await startStage({ queue: 'postgres' });
    campaign = await stage.open();
    const slug = 'not-approved';
    await createCampaign(stage.instance.ctx, { document: goodCampaign({ slug }), author: 'x' });
    hidden = `${stage.url}/c/${slug}`;
  });

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(new URL(path, campaign.url), { headers, redirect: 'manual' });
  const read = async (path: string): Promise<string> => (await get(path)).text();
  const shareOf = (query = '') => read(`${campaign.url}/share${query}`);

  async function shortLink(): Promise<string> {
    const found = /data-copy-share="(https?:[^"]+\/s\/[a-z]{6})\?/.exec(await shareOf())?.[1];
    if (found === undefined) throw new Error('There is no short link');
    return found;
  }

  it('keeps one short link for a campaign, and leads to it in the language of the link', async () => {
    const [link, again] = [await shortLink(), await shortLink()];
    expect(again).toBe(link);
    const to = async (url: string) => {
      const answer = await get(url);
      return [answer.status, answer.headers.get('location')];
    };
    const path = new URL(campaign.url).pathname;
    expect(await to(link)).toEqual([302, path]);
    expect(await to(`${link}?lang=ar`)).toEqual([302, `${path}?lang=ar`]);
    expect(await to(link.replace(/\w{6}$/, (code) => code.toUpperCase()))).toEqual([302, path]);
    expect(await to(`${link}?lang=%0d%0aevil`)).toEqual([302, path]);
    for (const code of ['zzzzzz', 'aaaaaa', 'x', '%00bcdfg', 'b'.repeat(5_000)]) {
      expect((await get(`/s/${code}`)).status, code.slice(0, 10)).toBeGreaterThanOrEqual(404);
      expect((await get(`/s/${code}`)).status, code.slice(0, 10)).toBeLessThan(500);
    }
  });

  it('makes one code even where many ask at once', async () => {
    const other = await stage.open();
    const pages = await Promise.all(
      LOCALES.map(async (lang) => (await get(`${other.url}/share?lang=${lang}`)).text()),
    );
    const codes = pages.map((page) => /\/s\/([a-z]{6})\?lang=/.exec(page)?.[1]);
    expect(codes[0]).toMatch(/^[bcdfghjkmnpqrstvwxz]{6}$/);
    expect(new Set(codes).size).toBe(1);
    expect(codes[0]).not.toBe((await shortLink()).slice(-6));
  });

  it('shares the title and the link, and never says that anybody has joined', async () => {
    const page = await shareOf('?lang=en&server=@me@social.example');
    const link = `${await shortLink()}?lang=en`;
    const hrefs = [...page.matchAll(/href="((?:https|mailto):[^"]+)"/g)].map(([, href = '']) =>
      decodeURIComponent(unescapeHtml(href)),
    );
    const hosts = [
      'x.com',
      'bsky.app',
      'social.example',
      'facebook',
      'threads',
      'linkedin',
      'wa.me',
      't.me',
      'mailto:',
    ];
    for (const host of hosts) {
      const [href = ''] = hrefs.filter((one) => one.includes(host));
      expect(href, host).toContain(link);
      expect(href, host).not.toMatch(/joined|I have|my post/i);
    }
    expect(hrefs.find((href) => href.includes('x.com'))).toContain('100 days');
    expect(page).not.toMatch(/<script[^>]+src="(?!\/assets\/)/);
  });

  it('asks for a Mastodon server, and says what is wrong with one', async () => {
    expect(await shareOf('?lang=en')).toMatch(/href="\/c\/[^"]+\/share\?lang=en#server"/);
    const wrong = await get(`${campaign.url}/share?lang=en&server=no%20server`);
    expect(wrong.headers.get('cache-control')).toBe('no-store');
    expect(await wrong.text()).toContain('id="share-server-problem"');
  });

  it('draws the short link as a QR code', async () => {
    const answer = await get(`${campaign.url}/qr.svg`);
    expect(answer.headers.get('content-type')).toContain('image/svg+xml');
    const svg = await answer.text();
    expect(svg).toContain('role="img"');
    expect(decodeQR(pixelsOf(svg))).toBe(await shortLink());
  });

  it.each(LOCALES)('C3 passes the language on with every link: %s', async (lang) => {
    const link = `${await shortLink()}?lang=${lang}`;
    const html = await shareOf(`?lang=${lang}&server=social.example`);
    const page = unescapeHtml(html);
    expect(page).toContain(`data-copy-share="${link}"`);
    expect(page).toContain(`>${link.replace('http://', '')}</bdi>`);
    const [drawn = ''] = /<svg[^>]*class="qr".*?<\/svg>/s.exec(html) ?? [];
    expect(decodeQR(pixelsOf(drawn))).toBe(link);
    const [, file = ''] = /href="([^"]+\/qr\.svg[^"]*)"/.exec(page) ?? [];
    expect(decodeQR(pixelsOf(await read(file)))).toBe(link);
    // No address that leads away, or is copied, has the campaign without its language, or twice.
    const ways = [...html.matchAll(/data-way="[^"]+"|href="(?:https|mailto):[^"]+"/g)];
    const hrefs = ways.map(([href]) => decodeURIComponent(unescapeHtml(href)));
    const carrying = hrefs.filter((href) => href.includes('/s/'));
    expect(carrying).toHaveLength(9);
    for (const href of carrying) expect(href.split(link), href).toHaveLength(2);
  });

  it('C3 draws a code in a language that the campaign has, and in no other', async () => {
    const codeOf = async (query: string) =>
      decodeQR(pixelsOf(await read(`${campaign.url}/qr.svg${query}`)));
    expect(await codeOf('?lang=RU')).toBe(`${await shortLink()}?lang=ru`);
    expect(await codeOf('?lang=xx')).toBe(`${await shortLink()}?lang=en`);
    expect(await codeOf('?lang=en&lang=fr')).toBe(await shortLink());
  });

  it('shows a card in every language, which may be kept', async () => {
    const cards = new Set<string>();
    for (const lang of LOCALES) {
      const answer = await get(`${campaign.url}/card-${lang}.png`);
      expect(answer.status, lang).toBe(200);
      expect(answer.headers.get('content-type')).toBe('image/png');
      expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
      expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
      const tag = answer.headers.get('etag') ?? '';
      cards.add(tag);
      const same = await get(`${campaign.url}/card-${lang}.png`, { 'if-none-match': tag });
      expect(same.status).toBe(304);
    }
    expect(cards.size).toBe(LOCALES.length);
    expect((await get(`${campaign.url}/card-xx.png`)).status).toBe(404);
    expect((await get(`${hidden}/card-en.png`)).status).toBe(404);
  });

  it('C13 leads to the campaign from an address with a slip in it, and says that nothing is there where nothing is', async () => {
    const { pathname } = new URL(campaign.url);
    for (const path of [
      `${pathname}/`,
      `${pathname}.`,
      `${pathname}%E2%80%9C`,
      pathname.toUpperCase(),
    ]) {
      const answer = await get(`${path}?lang=ru`);
      expect([answer.status, answer.headers.get('location')], path).toEqual([
        302,
        `${pathname}?lang=ru`,
      ]);
    }
    const code = new URL(await shortLink()).pathname;
    for (const end of ['.', ')', ').', '%C2%BB', '%E2%80%A6', '%E3%80%82', '%D8%8C']) {
      const answer = await get(`${code}${end}?lang=ru)`);
      expect([answer.status, answer.headers.get('location')], end).toEqual([
        302,
        `${code}?lang=ru)`,
      ]);
    }
    expect((await get(`${code}?lang=ru)`)).headers.get('location')).toBe(`${pathname}?lang=ru`);
    expect(await read(`${campaign.url}?lang=ru).`)).toContain('<html lang="ru"');
    const embedded = new URLSearchParams({ url: `${campaign.url.toUpperCase()}).` });
    expect((await get(`/oembed?${embedded}`)).status).toBe(200);
    expect((await get('/c/nothing-is-here')).status).toBe(404);
    const led = await fetch(`${stage.url}/c/nothing-is-here.`);
    expect([led.status, led.redirected]).toEqual([404, true]);
    expect((await get('/api/v1/campaigns/Nothing.')).headers.get('location')).toBeNull();
  });

  it('says in the head of the page what others shall show', async () => {
    const html = await read(`${campaign.url}?lang=ru`);
    const meta = new Map(
      [...html.matchAll(/<meta (?:property|name)="([^"]+)" content="([^"]*)"/g)].map(
        ([, name = '', content = '']) => [name, unescapeHtml(content)],
      ),
    );
    expect(meta.get('og:image')).toBe(`${campaign.url}/card-ru.png`);
    expect(meta.get('og:image:width')).toBe('1200');
    expect(meta.get('og:image:height')).toBe('630');
    expect(meta.get('og:image:alt')).toContain('дней');
    expect(meta.get('og:url')).toBe(`${campaign.url}?lang=ru`);
    expect(meta.get('og:locale')).toBe('ru_RU');
    expect(meta.get('twitter:card')).toBe('summary_large_image');
    const oembed = /application\/json\+oembed" href="([^"]+)"/.exec(html)?.[1] ?? '';
    const answer = (await (await get(unescapeHtml(oembed))).json()) as Embedding;
    expect(answer.html).toContain('widget?lang=ru');
  });

  const embed = (query: Record<string, string>) => get(`/oembed?${new URLSearchParams(query)}`);

  it('answers oEmbed', async () => {
    const answer = await embed({ url: campaign.url, format: 'json', maxwidth: '320' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const found = (await answer.json()) as Embedding;
    expect(found).toMatchObject({ version: '1.0', type: 'rich', width: 320, height: 400 });
    expect(found.html).toMatch(
      /^<iframe src="http[^"]+\/widget\?lang=en" title="[^"]+" width="320" height="400" loading="lazy"[^>]*><\/iframe>$/,
    );
    expect(found.thumbnail_url).toBeUndefined();
    const wide = (await (
      await embed({ url: await shortLink(), maxwidth: '9'.repeat(400) })
    ).json()) as Embedding;
    expect(wide).toMatchObject({ width: 560, title: found.title });
    expect(wide.thumbnail_url).toBe(`${campaign.url}/card-en.png`);
  });

  it('answers oEmbed that asks for what is not here', async () => {
    const missing = [
      hidden,
      `${stage.url}/c/nowhere`,
      `${stage.url}/c/%00`,
      `${stage.url}/c/%E0%A4%A`,
      `${stage.url}/ops`,
      campaign.url
        .replace('127.0.0.1', 'elsewhere.example')
        .replace('localhost', 'elsewhere.example'),
      'javascript:alert(1)',
      'x'.repeat(5_000),
      '',
    ];
    for (const url of missing) expect((await embed({ url })).status, url.slice(0, 60)).toBe(404);
    expect((await get('/oembed')).status).toBe(404);
    expect((await get(`/oembed?url=a&url=b`)).status).toBe(404);
    expect((await embed({ url: campaign.url, format: 'xml' })).status).toBe(501);
    for (const maxwidth of ['-1', '0', 'wide', '1e999', '']) {
      expect((await embed({ url: campaign.url, maxwidth })).status, maxwidth).toBe(200);
    }
  });

  it('lets the widget, and nothing else, stand in a frame', async () => {
    const policyOf = async (path: string) => {
      const { headers, status } = await get(campaign.url + path);
      expect(status, path).toBe(200);
      expect(headers.getSetCookie()).toEqual([]);
      const policy = headers.get('content-security-policy') ?? '';
      const ancestors = /frame-ancestors ([^;]+)/.exec(policy)?.[1];
      return { ancestors, options: headers.get('x-frame-options'), policy };
    };
    const open = await policyOf('/widget?lang=fr&theme=dark');
    expect(open).toMatchObject({ ancestors: '*', options: null });
    expect(open.policy).toContain("default-src 'none'");
    for (const path of ['', '/share']) {
      expect(await policyOf(path), path).toMatchObject({ ancestors: "'none'", options: 'DENY' });
    }
    expect((await policyOf('/share')).policy).toContain("frame-src 'self'");
    expect((await policyOf('')).policy).not.toContain('frame-src');
  });

  it('takes what it does not know of the widget as if it were not there', async () => {
    for (const query of ['?theme=neon', '?lang=xx', '?lang=en&lang=fr', '?theme[]=dark']) {
      const page = await read(`${campaign.url}/widget${query}`);
      expect(page, query).toContain('<html lang="en" dir="ltr">');
    }
    expect(await read(`${campaign.url}/widget?theme=dark&lang=ar`)).toContain(
      '<html lang="ar" dir="rtl" data-theme="dark">',
    );
    expect((await get('/c/nowhere/widget')).status).toBe(404);
    expect((await get('/c/%00/widget')).status).toBe(404);
  });

  it('shows rounded counts only', async () => {
    const other = await stage.open();
    // Before the last time at which a count was published.
    const consentedAt = () => new Date(Date.now() - COUNT_PERIOD_MS);
    await insertPledges(stage.instance.ctx, other.id, 47, { consentedAt });
    const page = await read(`${other.url}/widget?lang=en`);
    expect(page).toContain('40 people have joined');
    // Addresses and the time of day are of chance, and may hold any digits.
    expect(page.replace(/<time.*?<\/time>|<[^>]*>/gs, ' ')).not.toContain('47');
  });
});

/** The code as a scanner sees it, eight pixels a module. */
function pixelsOf(svg: string): { width: number; height: number; data: Uint8Array } {
  const size = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
  const scale = 8;
  const width = size * scale;
  const data = new Uint8Array(width * width * 4).fill(255);
  const [, , path = ''] = svg.split(' d="');
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row++) {
      const from = row * width + Number(x) * scale;
      for (let i = from; i < from + Number(length) * scale; i++) data.fill(0, 4 * i, 4 * i + 3);
    }
  }
  return { width, height: width, data };
}
