import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { plainBrowser, unescapeHtml } from '../support/browser.ts';
import { needs } from '../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { keyHolder } from './api.ts';
import { signedIn } from './operator.ts';

needs('postgres')('posting by oneself', () => {
  let stage: TestStage;
  beforeAll(async () => {
    stage = await startStage();
  });

  const open = (reminders = false) =>
    stage.open(reminders ? { document: { reminders: true } } : {});
  const db = () => stage.instance.ctx.db;

  /** As if the moment were now. */
  async function comes({ id }: OpenedCampaign): Promise<void> {
    await sql`update campaign set moment = clock_timestamp(), state = 'firing' where id = ${id}`.execute(
      db(),
    );
    await sql`update reminder set due_at = clock_timestamp()
      where campaign_id = ${id} and state = 'confirmed'`.execute(db());
  }

  /** The addresses of the composers, by network. */
  function composers(html: string): Map<string, URL> {
    const found = new Map<string, URL>();
    for (const [tag] of html.matchAll(/<a\b[^>]*button-way[^>]*>/g)) {
      const name = /data-way="([^"]+)"/.exec(tag)?.[1] ?? '';
      found.set(name, new URL(unescapeHtml(/href="([^"]+)"/.exec(tag)?.[1] ?? '')));
    }
    return found;
  }

  /** Leaves an address; returns the link of the mail in the outbox. */
  async function leaveAddress(campaign: OpenedCampaign, address: string): Promise<string> {
    const browser = plainBrowser();
    const before = (await outboxLinks()).length;
    const page = await browser.get(`${campaign.url}/assisted`);
    const after = await browser.submit(page, '/reminder', { address });
    expect(after.text).toContain('a mail is on its way');
    return waitFor(async () => {
      const links = await outboxLinks();
      return links.length > before && links[0];
    });
  }

  async function outboxLinks(): Promise<string[]> {
    const { html } = await (await signedIn(stage)).get(`${stage.url}/ops/outbox`);
    return [...html.matchAll(/href="(\/m\/[\w-]+)"/g)].map(([, path]) => stage.url + path);
  }

  const count = async (table: string, id: string): Promise<number> => {
    const found = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.table(table)} where campaign_id = ${id}`.execute(
      db(),
    );
    return found.rows[0]?.count ?? -1;
  };

  it('is offered beside the buttons to authorize', async () => {
    const campaign = await open();
    const page = await plainBrowser().get(campaign.url);
    expect(page.html).toMatch(/href="\/at\/[\w-]{22}\?lang=en"/);
  });

  it('shows the exact text beforehand, and buttons that wait for the moment', async () => {
    const campaign = await open();
    const page = await plainBrowser().get(`${campaign.url}/assisted`);
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.html).toContain('data-state="before"');
    expect(page.html).toMatch(/<div class="assisted-now"[^>]*hidden/);
    expect(page.text).toContain('#100DaysOfInjustice #Chechen100 https://example.org/100days');
    // Nobody is asked for an address unless the campaign wants it so.
    expect(page.html).not.toContain('type="email"');
  });

  it('has a button for every network once the moment has come, without any script', async () => {
    const campaign = await open();
    await comes(campaign);
    const page = await plainBrowser('ru').get(`${campaign.url}/assisted`);
    expect(page.html).toContain('data-state="now"');
    expect(page.html).not.toMatch(/<div class="assisted-now"[^>]*hidden/);
    const ways = composers(page.html);
    expect([...ways.keys()]).toEqual([
      'x',
      'facebook',
      'threads',
      'bluesky',
      'telegram',
      'linkedin',
      'whatsapp',
    ]);
    expect(ways.get('x')?.searchParams.get('text')).toContain('Чечне');
    expect(ways.get('x')?.origin).toBe('https://x.com');
    // No message can be filled in there, and the page says so.
    expect(ways.get('facebook')?.searchParams.get('u')).toBe('https://example.org/100days');
    expect(page.text).toContain('Ни один сервис не может публиковать за вас в профиле Facebook');
  });

  it('asks for the server where a network has many, and takes only the name of one', async () => {
    const campaign = await open();
    await comes(campaign);
    const browser = plainBrowser();
    const page = await browser.get(`${campaign.url}/assisted?server=https://Chaos.Example/@anna`);
    expect(composers(page.html).get('mastodon')?.origin).toBe('https://chaos.example');
    const wrong = await browser.get(`${campaign.url}/assisted?server=127.0.0.1`);
    expect(composers(wrong.html).has('mastodon')).toBe(false);
    expect(wrong.text).toContain('That is no name of a server');
  });

  it('has an address and a title that say nothing, and the old one leads there', async () => {
    const campaign = await open();
    const page = await plainBrowser('ru').get(`${campaign.url}/assisted?lang=fr`);
    expect(page.url).toMatch(/\/at\/[\w-]{22}\?lang=fr$/);
    const title = /<title>([^<]*)</.exec(page.html)?.[1] ?? '';
    expect(title).toContain('vous-même');
    expect(title).not.toMatch(/Tchétchénie|injustice/);
    const old = await fetch(`${campaign.url}/moment.ics`, { redirect: 'manual' });
    expect(old.headers.get('location')).toBe(`${new URL(page.url).pathname}/moment.ics`);
    expect((await fetch(`${stage.url}/c/nobody/assisted`)).status).toBe(404);
    for (const [action] of page.html.matchAll(/action="[^"]*"/g)) {
      expect(action).not.toContain(campaign.slug);
    }
  });

  it('gives a calendar file that says nothing of what it is about', async () => {
    const campaign = await open();
    const answer = await fetch(`${campaign.url}/moment.ics`);
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    const file = (await answer.text()).replace(/\r\n[ \t]/g, '');
    const again = await (await fetch(`${campaign.url}/moment.ics`)).text();
    const uid = /^UID:.+$/m.exec(file)?.[0];
    expect(uid).toBeDefined();
    expect(again.replace(/\r\n[ \t]/g, '')).toContain(uid);
    expect(file).toContain('SUMMARY:Reminder');
    expect(file.match(/BEGIN:VALARM/g)).toHaveLength(2);
    const stamp = campaign.moment.toISOString().replace(/[-:]|\.\d+/g, '');
    expect(file).toContain(`DTSTART:${stamp}`);
    for (const word of [campaign.slug, 'chech', 'injustice', 'example.org']) {
      expect(file.toLowerCase()).not.toContain(word);
    }
    const url = /^URL:(\S+)$/m.exec(file)?.[1] ?? '';
    const page = await plainBrowser().get(url);
    expect(page.url).toBe(url);
    expect(page.html).toContain('data-state="before"');
    expect((await plainBrowser().get(`${stage.url}/at/AAAAAAAAAAAAAAAAAAAAAA`)).status).toBe(404);
    expect((await plainBrowser().get(`${stage.url}/at/nonsense`)).status).toBe(404);
  });

  it('counts what people say they posted, each post once and apart from all else', async () => {
    const campaign = await open();
    const browser = plainBrowser();
    const early = await browser.get(`${campaign.url}/assisted`);
    const refused = await browser.submit(early, '/confirm', {
      url: 'https://x.com/a/status/1',
    });
    expect(refused.status).toBe(409);
    await comes(campaign);
    const posts = [
      'https://x.com/a/status/1',
      'https://twitter.com/b/status/1?s=1',
      'https://chaos.example/@a/7',
    ];
    for (const url of posts) {
      const page = await browser.get(`${campaign.url}/assisted`);
      const after = await browser.submit(page, '/confirm', { url });
      // None of these networks shows posts to those who have no login here.
      expect(after.text).toContain('We could not see the post ourselves');
    }
    expect(await count('assisted_post', campaign.id)).toBe(2);
    const result = await browser.get(campaign.url);
    expect(result.text).not.toContain('posted by themselves');
    const api = await keyHolder(stage.instance.ctx, stage.url, 'assisted');
    const { body } = await api.get(`/api/v1/campaigns/${campaign.slug}/delivery`);
    expect(body).toMatchObject({ assisted: { posts: 2, posts_seen: 0, lateness_ms: null } });
    expect(
      Object.values(body?.totals as Record<string, number>).every((value) => value === 0),
    ).toBe(true);
    const dashboard = await (await signedIn(stage)).get(
      `${stage.url}/ops/campaigns/${campaign.slug}`,
    );
    expect(dashboard.html).toContain('data-assisted="posts" data-value="2"');
    const kept = await sql`select * from assisted_post where campaign_id = ${campaign.id}`.execute(
      db(),
    );
    expect(JSON.stringify(kept.rows)).not.toMatch(/status|chaos|http/);
  });

  it('takes no address for a post that is none, nor the campaign’s own', async () => {
    const campaign = await open();
    await comes(campaign);
    const browser = plainBrowser();
    const page = await browser.get(`${campaign.url}/assisted`);
    for (const url of [
      'https://x.com/anna',
      'nonsense',
      'https://example.org/100days',
      campaign.url,
      '',
    ]) {
      const answer = await browser.submit(page, '/confirm', { url });
      expect([answer.status, url]).toEqual([422, url]);
      expect(answer.html).toContain('data-state="now"');
    }
    expect(await count('assisted_post', campaign.id)).toBe(0);
  });

  it('says that a campaign was stopped, and gives no button', async () => {
    const campaign = await open();
    await sql`update campaign set state = 'aborted' where id = ${campaign.id}`.execute(db());
    const page = await plainBrowser().get(`${campaign.url}/assisted`);
    expect(page.html).toContain('data-state="off"');
    expect(composers(page.html).size).toBe(0);
  });

  it('does nothing for a form of another site', async () => {
    const campaign = await open(true);
    await comes(campaign);
    const { url } = await plainBrowser().get(`${campaign.url}/assisted`);
    for (const path of ['confirm', 'reminder']) {
      const answer = await fetch(`${url}/${path}`, {
        method: 'POST',
        headers: { 'sec-fetch-site': 'cross-site' },
        body: new URLSearchParams({ url: 'https://x.com/a/status/1', address: 'a@example.org' }),
      });
      expect(answer.status).toBe(403);
    }
    expect(await count('assisted_post', campaign.id)).toBe(0);
    expect(await count('reminder', campaign.id)).toBe(0);
  });

  it('reminds those who confirmed, and keeps mails for the operator where no server sends them', async () => {
    const campaign = await open(true);
    const link = await leaveAddress(campaign, 'anna@example.org');
    const browser = plainBrowser();
    const asked = await browser.get(link);
    expect(asked.html).toContain('data-state="confirm"');
    // Looking at the link, as mail programs do, confirms nothing.
    const state = () =>
      db()
        .selectFrom('reminder')
        .select('state')
        .where('campaign_id', '=', campaign.id)
        .executeTakeFirst();
    expect((await state())?.state).toBe('unconfirmed');
    const confirmed = await browser.submit(asked, '/confirm');
    expect(confirmed.html).toContain('data-state="confirmed"');
    await comes(campaign);
    await waitFor(async () => (await state())?.state === 'sent');
    expect((await browser.get(link)).url).toMatch(/\/at\/[\w-]{22}\?lang=en$/);
    const { html, text } = await (await signedIn(stage)).get(`${stage.url}/ops/outbox`);
    expect(text).toMatch(/A reminder for \d\d:\d\d/);
    expect(html).not.toContain('anna');
  });

  it('erases an address at one click, which needs no page of ours', async () => {
    const campaign = await open(true);
    const link = await leaveAddress(campaign, 'erase@example.org');
    const asked = await plainBrowser().get(`${link}/erase`);
    expect(asked.html).toContain('data-state="erase"');
    expect(await count('reminder', campaign.id)).toBe(1);
    const answer = await fetch(`${link}/erase`, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    });
    expect(answer.status).toBe(200);
    expect(await count('reminder', campaign.id)).toBe(0);
    expect((await plainBrowser().get(link)).status).toBe(404);
  });

  it('takes no address that is none, and none where the campaign wants none', async () => {
    const campaign = await open(true);
    const browser = plainBrowser();
    const page = await browser.get(`${campaign.url}/assisted`);
    const answer = await browser.submit(page, '/reminder', { address: 'not an address' });
    expect(answer.status).toBe(422);
    const other = await open();
    const { url } = await browser.get(`${other.url}/assisted`);
    const refused = await fetch(`${url}/reminder`, {
      method: 'POST',
      body: new URLSearchParams({ address: 'a@example.org' }),
    });
    expect(refused.status).toBe(409);
    expect([await count('reminder', campaign.id), await count('reminder', other.id)]).toEqual([
      0, 0,
    ]);
  });

  it('knows no link but its own', async () => {
    const forged = `${stage.url}/m/${'A'.repeat(43)}`;
    expect((await plainBrowser().get(forged)).status).toBe(404);
    // A receipt's secret is good for no reminder.
    const { vault } = stage.instance.ctx;
    const id = '00000000-0000-4000-8000-000000000000';
    expect(vault.readReminderToken(vault.receiptToken(id))).toBeNull();
    expect(vault.readReminderToken(vault.reminderToken(id))).toBe(id);
  });
});

needs('postgres')('reminders on an instance that sends no mail', () => {
  it('cannot be promised unless one person runs it for themselves', async () => {
    const stage = await startStage({ environment: { SOLE_OPERATOR: 'false' } });
    await expect(stage.open({ document: { reminders: true } })).rejects.toThrow(
      /reminders: .*SMTP_URL/,
    );
  });
});
