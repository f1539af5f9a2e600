import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCampaign } from '../../src/actions/campaign/create-campaign.ts';
import { issueSignInLink } from '../../src/actions/operator/operator-access.ts';
import { campaignCode } from '../../src/http/campaign-code.ts';
import { assetsDir } from '../../src/web/index.ts';
import { goodCampaign } from '../support/bad-campaigns.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { cookieHeader, signedIn } from './operator.ts';

const NOT_THERE = 'A'.repeat(43);

/** The content security policy as directives, each with its sources. */
function policyOf(headers: Headers): Record<string, string[]> {
  const policy = headers.get('content-security-policy') ?? '';
  const directives = policy.split(';').map((directive) => directive.trim().split(' '));
  return Object.fromEntries(directives.map(([name, ...sources]) => [name, sources]));
}

needs('postgres')('every answer', () => {
  let stage: TestStage;
  let campaign: OpenedCampaign;
  let receiptUrl: string;
  let accountUrl: string;
  let cookie: string;
  let link: string;
  beforeAll(async () => {
    stage = await startStage();
    campaign = await stage.open();
    receiptUrl = (await plainBrowser().join(campaign.url, 'safe_anna')).url;
    accountUrl = (await plainBrowser().chooseWords(campaign.url)).url;
    cookie = cookieHeader(await signedIn(stage));
    const { path } = await issueSignInLink(stage.instance.ctx, { operator: 'Omar' });
    link = path;
  });

  const asset = readdirSync(assetsDir).find((name) => name.endsWith('.css'));

  /** One of each kind, with the status it has and whether it is a page. */
  function answers(): [kind: string, path: string, status: number, page: boolean][] {
    const { slug, id } = campaign;
    const code = campaignCode(id);
    return [
      ['the front page', '/', 200, true],
      ['a campaign', `/c/${slug}`, 200, true],
      ['no campaign', '/c/nowhere', 404, true],
      ['an address with a NUL', '/c/%00', 404, true],
      ['is it safe', `/join/${code}`, 200, true],
      ['the words', `/join/${code}/words`, 200, true],
      ['an account', new URL(accountUrl).pathname, 200, true],
      ['no words any more', `/i/${NOT_THERE}`, 404, true],
      ['a receipt', new URL(receiptUrl).pathname, 200, true],
      ['no receipt', `/r/${NOT_THERE}`, 404, true],
      ['a way back that nobody began', '/callback/x?state=a&code=b', 409, true],
      ['signing in', link, 200, true],
      ['a link that has been used', `/ops/sign-in/${NOT_THERE}`, 410, true],
      ['the operators’ front page', '/ops', 200, true],
      ['a delivery', `/ops/campaigns/${slug}`, 200, true],
      ['nothing', '/nowhere', 404, true],
      ['an asset', `/assets/${asset}`, 200, false],
      ['the API', '/api/v1/campaigns/x', 401, false],
      ['the description of the API', '/api/openapi.json', 200, false],
      ['nothing in the API', '/api/nowhere', 404, false],
      ['being alive', '/livez', 200, false],
      ['being ready', '/readyz', 200, false],
    ];
  }

  it('names nothing but our own origin, and is framed and sniffed by nobody', async () => {
    const own = ["'self'"];
    const policyFor = (kind: string) => ({
      'default-src': ["'none'"],
      'script-src': own,
      'style-src': own,
      'img-src': [...own, 'data:'],
      'font-src': own,
      'connect-src': own,
      // Joining redirects there, and browsers hold redirects to this, too.
      'form-action': kind === 'an account' ? [...own, new URL(stage.networkUrl).origin] : own,
      'frame-ancestors': ["'none'"],
      'base-uri': ["'none'"],
    });
    for (const [kind, path, status, page] of answers()) {
      const answer = await fetch(stage.url + path, { headers: { cookie }, redirect: 'manual' });
      const { headers } = answer;
      expect([kind, answer.status]).toEqual([kind, status]);
      expect([kind, policyOf(headers)]).toEqual([kind, policyFor(kind)]);
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('x-powered-by')).toBeNull();
      // Over http, a promise of https would lock everybody out.
      expect(headers.get('strict-transport-security')).toBeNull();
      expect(headers.get('content-type') ?? '').toMatch(page ? /^text\/html; charset=utf-8/ : /./);
      await answer.text();
    }
  });

  it('that holds somebody’s secret is kept by nobody on the way', async () => {
    for (const path of [
      new URL(receiptUrl).pathname,
      new URL(accountUrl).pathname,
      `${new URL(accountUrl).pathname}/words`,
      link,
      '/ops',
      `/ops/campaigns/${campaign.slug}`,
    ]) {
      const answer = await fetch(stage.url + path, { headers: { cookie } });
      expect(answer.status).toBe(200);
      expect([path, answer.headers.get('cache-control')]).toEqual([path, 'no-store']);
    }
  });

  it('to an address that cannot be read says so, without repeating it', async () => {
    for (const path of [`/r/${NOT_THERE}%ff`, `/r/${'A'.repeat(5_000)}`]) {
      const answer = await fetch(stage.url + path);
      expect([400, 404, 414]).toContain(answer.status);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(await answer.text()).not.toContain(NOT_THERE);
    }
  });

  it('has no script, style or address of elsewhere in it', async () => {
    for (const [kind, path, , page] of answers()) {
      if (!page) continue;
      const html = await (await fetch(stage.url + path, { headers: { cookie } })).text();
      for (const [tag, name, value = ''] of html.matchAll(
        /<(?:script|link|img|iframe|source|video)\b[^>]*\b(src|href)="([^"]*)"/g,
      )) {
        // Nothing is loaded for these: search engines want the whole address of a page's other languages.
        if (/^<link rel="(?:alternate|canonical)"/.test(tag) && value.startsWith(stage.url))
          continue;
        expect([kind, tag, name, /^\/(?!\/)/.test(value)]).toEqual([kind, tag, name, true]);
      }
      expect([kind, html]).toEqual([
        kind,
        expect.not.stringMatching(/<script>|\son\w+="|\sstyle="/),
      ]);
    }
  });

  it('sets its cookies for http as http can have them', async () => {
    const page = await fetch(stage.url + link, { method: 'POST', redirect: 'manual' });
    const [session = ''] = page.headers.getSetCookie();
    expect(session).toMatch(/^tocsin_session=/);
    expect(session).not.toMatch(/secure/i);
  });
});

describe('behind https', () => {
  needs('postgres')('every answer', () => {
    let stage: TestStage;
    let local: string;
    beforeAll(async () => {
      const port = await freePort();
      local = `http://127.0.0.1:${port}`;
      stage = await startStage({
        environment: { BASE_URL: 'https://tocsin.example', PORT: String(port) },
      });
    });

    it('promises https, and its cookies are for this host and https alone', async () => {
      const front = await fetch(local);
      expect(front.status).toBe(200);
      expect(front.headers.get('strict-transport-security')).toMatch(/^max-age=31536000/);
      const { ctx } = stage.instance;
      const { path } = await issueSignInLink(ctx, { operator: 'Vera' });
      const pressed = await fetch(local + path, { method: 'POST', redirect: 'manual' });
      expect(pressed.status).toBe(303);
      const [session = ''] = pressed.headers.getSetCookie();
      const [pair = '', ...attributes] = session.split('; ');
      expect(pair).toMatch(/^__Host-tocsin_session=./);
      expect(attributes).toEqual(
        expect.arrayContaining(['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure']),
      );
      expect(session).not.toMatch(/domain=/i);
      const ops = (cookie: string) => fetch(`${local}/ops`, { headers: { cookie } });
      expect((await ops(pair)).status).toBe(200);
      // Without the prefix another host could have set it.
      expect((await ops(pair.replace('__Host-', ''))).status).toBe(401);
    });

    it('ties a supporter to their browser with such a cookie, too', async () => {
      const campaign = await stage.open();
      const send = (path: string, origin: string, fields = {}) =>
        fetch(local + path, {
          method: 'POST',
          headers: { origin },
          body: new URLSearchParams(fields),
          redirect: 'manual',
        });
      const chosen = await send(
        `/join/${campaignCode(campaign.id)}/words`,
        'https://tocsin.example',
      );
      expect(chosen.status).toBe(303);
      // Choosing words needs no cookie.
      expect(chosen.headers.getSetCookie()).toEqual([]);
      const [path = ''] = (chosen.headers.get('location') ?? '').split('?');
      const page = await plainBrowser().get(local + path);
      const shown = /name="shown" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
      const join = (origin: string) => send(`${path}/join`, origin, { platform: 'x', shown });
      expect((await join(local)).status).toBe(403);
      const answer = await join('https://tocsin.example');
      expect(answer.status).toBe(303);
      const back = new URL(answer.headers.get('location') ?? '').searchParams.get('redirect_uri');
      expect(back).toBe('https://tocsin.example/callback/x');
      const [cookie = ''] = answer.headers.getSetCookie();
      expect(cookie).toMatch(/^__Host-tocsin_browser=./);
      expect(cookie).toMatch(/; Secure/);
    });

    it('gives addresses that others can use', async () => {
      const { ctx } = stage.instance;
      const document = goodCampaign({ slug: 'elsewhere' });
      await createCampaign(ctx, { document, author: 'somebody' });
      expect(stage.instance.url).toBe('https://tocsin.example');
      expect(stage.instance.firstLink).toMatch(/^https:\/\/tocsin\.example\/ops\/sign-in\//);
    });
  });
});
