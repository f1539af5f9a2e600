import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCampaign } from '../../src/actions/campaign/create-campaign.ts';
import { issueSignInLink } from '../../src/actions/operator/operator-access.ts';
import { goodCampaign } from '../support/bad-campaigns.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { startStage, type TestStage } from '../support/stage.ts';
import { cookieHeader, signedIn } from './operator.ts';

needs('postgres')('operators', () => {
  let stage: TestStage;
  beforeAll(async () => {
    stage = await startStage();
  });

  async function link(): Promise<string> {
    const { path } = await issueSignInLink(stage.instance.ctx, { operator: 'Vera' });
    return stage.url + path;
  }

  async function ops(cookie: string): Promise<number> {
    const answer = await fetch(`${stage.url}/ops`, { headers: cookie === '' ? {} : { cookie } });
    return answer.status;
  }

  describe('signing in', () => {
    it('is not done by opening the link, however often', async () => {
      const url = await link();
      for (let i = 0; i < 3; i++) {
        const answer = await fetch(url);
        expect(answer.status).toBe(200);
        expect(answer.headers.getSetCookie()).toEqual([]);
        expect(answer.headers.get('cache-control')).toBe('no-store');
        expect(await answer.text()).toContain('method="post"');
      }
      expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
    });

    it('is done by its button, once', async () => {
      const url = await link();
      const first = await fetch(url, { method: 'POST', redirect: 'manual' });
      expect(first.status).toBe(303);
      expect(first.headers.get('location')).toBe('/ops');
      const [cookie = '', ...others] = first.headers.getSetCookie();
      expect(others).toEqual([]);
      const [pair = '', ...attributes] = cookie.split('; ');
      expect(pair).toMatch(/^tocsin_session=[\w-]{43}$/);
      expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=43200', 'Path=/', 'SameSite=Lax']);
      expect(await ops(pair)).toBe(200);

      const second = await fetch(url, { method: 'POST', redirect: 'manual' });
      expect(second.status).toBe(410);
      expect(second.headers.getSetCookie()).toEqual([]);
      const looked = await fetch(url);
      expect(looked.status).toBe(410);
      expect(await looked.text()).not.toContain('<form');
      expect(await ops(pair)).toBe(200);
    });

    it('lets one in when many press at the same time', async () => {
      const url = await link();
      const all = [1, 2, 3, 4].map(() => fetch(url, { method: 'POST', redirect: 'manual' }));
      const statuses = (await Promise.all(all)).map(({ status }) => status).sort();
      expect(statuses).toEqual([303, 410, 410, 410]);
    });

    it('does not work with a link that is too old, or that nobody made', async () => {
      const url = await link();
      await sql`update sign_in_link set expires_at = now() - interval '1 second'
        where used_at is null`.execute(stage.instance.ctx.db);
      for (const dead of [url, `${stage.url}/ops/sign-in/${'A'.repeat(43)}`]) {
        expect((await fetch(dead)).status).toBe(410);
        const pressed = await fetch(dead, { method: 'POST', redirect: 'manual' });
        expect(pressed.status).toBe(410);
        expect(pressed.headers.getSetCookie()).toEqual([]);
      }
    });

    it('is not done by a form on another site', async () => {
      const url = await link();
      const foreign: [string, string][] = [
        ['sec-fetch-site', 'cross-site'],
        ['origin', 'https://elsewhere.example'],
      ];
      for (const header of foreign) {
        const headers = new Headers([header]);
        const answer = await fetch(url, { method: 'POST', headers, redirect: 'manual' });
        expect(answer.status).toBe(403);
      }
      expect((await fetch(url)).status).toBe(200);
    });
  });

  describe('a session', () => {
    it('is asked for on every page of theirs', async () => {
      const campaign = await stage.open();
      const paths = ['/ops', `/ops/campaigns/${campaign.slug}`, '/ops/campaigns/nowhere'];
      for (const path of [...paths, `/ops/campaigns/${campaign.slug}/events`]) {
        for (const cookie of ['', 'tocsin_session=', `tocsin_session=${'A'.repeat(43)}`]) {
          const answer = await fetch(stage.url + path, {
            headers: cookie === '' ? {} : { cookie },
          });
          expect(answer.status).toBe(401);
          expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
          expect(await answer.text()).toContain('Operators only');
        }
      }
    });

    it('ends here, not only in the browser, on signing out', async () => {
      const browser = await signedIn(stage);
      const cookie = cookieHeader(browser);
      const page = await browser.get(`${stage.url}/ops`);
      expect(page.status).toBe(200);
      const foreign = await fetch(`${stage.url}/ops/sign-out`, {
        method: 'POST',
        headers: { cookie, 'sec-fetch-site': 'cross-site' },
      });
      expect(foreign.status).toBe(403);
      expect(await ops(cookie)).toBe(200);
      await browser.submit(page, '/ops/sign-out');
      expect(browser.cookies.size).toBe(0);
      expect(await ops(cookie)).toBe(401);
    });

    it('ends after its time', async () => {
      const cookie = cookieHeader(await signedIn(stage, 'Omar'));
      expect(await ops(cookie)).toBe(200);
      await sql`update operator_session set expires_at = now() - interval '1 second'
        where operator = 'Omar'`.execute(stage.instance.ctx.db);
      expect(await ops(cookie)).toBe(401);
    });
  });

  describe('approving', () => {
    async function state(slug: string): Promise<string | undefined> {
      const found = await sql<{ state: string }>`select state from campaign where slug = ${slug}`;
      return (await found.execute(stage.instance.ctx.db)).rows[0]?.state;
    }

    async function waiting(slug: string): Promise<string> {
      const document = goodCampaign({ slug });
      await createCampaign(stage.instance.ctx, { document, author: 'somebody' });
      return slug;
    }

    it('opens the campaign to the public, and notes who did it', async () => {
      const slug = await waiting('by-form');
      const browser = await signedIn(stage);
      const page = await browser.get(`${stage.url}/ops`);
      expect((await plainBrowser().get(`${stage.url}/c/${slug}`)).status).toBe(404);
      const after = await browser.submit(page, `/ops/campaigns/${slug}/approve`);
      expect(after.status).toBe(200);
      expect(after.html).not.toContain(`/ops/campaigns/${slug}/approve`);
      expect(await state(slug)).toBe('open');
      expect((await plainBrowser().get(`${stage.url}/c/${slug}`)).status).toBe(200);
      const audit = await sql`
        select actor from audit_entry where action = 'campaign.approve' and subject = ${slug}`;
      expect((await audit.execute(stage.instance.ctx.db)).rows).toEqual([{ actor: 'Vera' }]);
      // The form of a page that was left open.
      expect((await browser.submit(page, `/ops/campaigns/${slug}/approve`)).status).toBe(409);
    });

    it('takes neither a form from another site nor one without a session', async () => {
      const slug = await waiting('not-by-them');
      const cookie = cookieHeader(await signedIn(stage));
      const approve = async (headers: Record<string, string>): Promise<number> => {
        const url = `${stage.url}/ops/campaigns/${slug}/approve`;
        return (await fetch(url, { method: 'POST', headers, redirect: 'manual' })).status;
      };
      expect(await approve({ cookie, 'sec-fetch-site': 'cross-site' })).toBe(403);
      expect(await approve({ cookie, 'sec-fetch-site': 'same-site' })).toBe(403);
      expect(await approve({ cookie, origin: 'https://elsewhere.example' })).toBe(403);
      expect(await approve({})).toBe(401);
      expect(await state(slug)).toBe('in_review');
      expect(await approve({ cookie, 'sec-fetch-site': 'same-origin' })).toBe(303);
      expect(await state(slug)).toBe('open');
    });
  });
});
