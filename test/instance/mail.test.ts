import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { showDelivery } from '../../src/actions/delivery/show-delivery.ts';
import { followReminder } from '../../src/actions/reminder/follow-reminder.ts';
import { requestReminder } from '../../src/actions/reminder/request-reminder.ts';
import { sendMail } from '../../src/actions/reminder/send-mail.ts';
import { createContext } from '../../src/context.ts';
import { createLogger } from '../../src/log.ts';
import { migrateAt } from '../../src/store/connection/database.ts';
import { atEnd } from '../support/at-end.ts';
import { plainBrowser } from '../support/browser.ts';
import { needs, testDatabase } from '../support/database.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { startProcess } from '../support/process.ts';
import { type OpenedCampaign, openCampaign, startStage, type TestStage } from '../support/stage.ts';
import { tempFolder } from '../support/temp.ts';
import { waitFor } from '../support/wait-for.ts';

const FROM = 'Reminders <reminders@tocsin.example>';

needs('postgres')('mails', () => {
  let server: MailServer;
  let stage: TestStage;
  beforeAll(async () => {
    server = await startMailServer();
    stage = await startStage({ environment: { SMTP_URL: server.url, MAIL_FROM: FROM } });
  });

  const open = () => stage.open({ document: { reminders: true } });
  const mailsTo = (address: string) => server.mails.filter(({ to }) => to === address);

  async function ask(
    { id }: OpenedCampaign,
    address: string,
    language: { locale: string; lang?: string } = { locale: 'en' },
  ): Promise<void> {
    await requestReminder(stage.instance.ctx, { id, address, ...language });
  }

  /** Leaves an address and follows the link of the mail that comes. */
  async function confirmed(campaign: OpenedCampaign, address: string): Promise<void> {
    await ask(campaign, address);
    const mail = await waitFor(() => mailsTo(address)[0], { what: 'the mail to confirm' });
    await followReminder(stage.instance.ctx, { token: tokenOf(mail.text) });
  }

  const tokenOf = (text: string) => /\/m\/([\w-]+)$/m.exec(text)?.[1] ?? '';

  const rows = (campaign: OpenedCampaign) =>
    stage.instance.ctx.db
      .selectFrom('reminder')
      .selectAll()
      .where('campaign_id', '=', campaign.id)
      .execute();

  it('go out at the moment to those who confirmed, and to nobody else, and leave no address', async () => {
    const opened = await open();
    await ask(opened, 'never@example.org');
    const people = ['anna@example.org', 'boris@example.org', 'carla@example.org'];
    for (const address of people) await confirmed(opened, address);
    const campaign = await stage.bringForward(opened);
    await waitFor(() => people.every((address) => mailsTo(address).length === 2), {
      timeoutMs: 20_000,
    });
    await waitFor(
      async () => (await rows(campaign)).filter(({ state }) => state === 'sent').length === 3,
    );
    expect(Date.now()).toBeGreaterThanOrEqual(campaign.moment.getTime());
    expect(mailsTo('never@example.org')).toHaveLength(1);
    await waitFor(async () => (await rows(campaign)).length === 3);
    for (const row of await rows(campaign)) {
      expect(row).toMatchObject({ address: null, address_hash: null });
    }
    const { assisted } = await showDelivery(stage.instance.ctx, { slug: campaign.slug });
    expect(assisted.reminders).toMatchObject({ sent: 3, confirmed: 0, unconfirmed: 0 });
    expect(assisted.lateness?.first).toBeGreaterThanOrEqual(0);
    expect(assisted.lateness?.p99).toBeLessThan(30_000);
  });

  it('give nothing away: neither subject nor words name the campaign', async () => {
    const campaign = await open();
    await ask(campaign, 'quiet@example.org');
    const mail = await waitFor(() => mailsTo('quiet@example.org')[0]);
    expect(mail.subject).toMatch(/^Please confirm a reminder for \d\d:\d\d(:\d\d)?$/);
    for (const word of [campaign.slug, 'chech', 'injustice', 'example.org/100days']) {
      expect(`${mail.raw}${mail.text}`.toLowerCase()).not.toContain(word);
    }
    expect(mail.raw).toMatch(/^List-Unsubscribe: <http\S+\/erase>$/m);
    expect(mail.raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m);
    expect(mail.raw).toMatch(/content-type: text\/html/i);
    expect(mail.text).toContain('Yes, remind me:\n');
    expect(mail.text).toContain('Erase my address:\n');
  });

  it('speak the language that was asked in', async () => {
    await ask(await open(), 'vera@example.org', { locale: 'ru' });
    const mail = await waitFor(() => mailsTo('vera@example.org')[0]);
    expect(mail.text).toContain('Да, напомнить мне');
  });

  it("lead back in the campaign's language, where that is not the mail's", async () => {
    const campaign = await open();
    await ask(campaign, 'ugo@example.org', { locale: 'ru', lang: 'it' });
    const links = (text = '') => [...text.matchAll(/\/m\/\S+$/gm)].map(([link]) => link);
    const mail = await waitFor(() => mailsTo('ugo@example.org')[0]);
    expect(mail.text).toContain('Да, напомнить мне');
    const [confirm = '', erase = ''] = links(mail.text);
    expect(confirm).toMatch(/^\/m\/[\w-]+\?lang=it$/);
    expect(erase).toBe(confirm.replace('?', '/erase?'));
    // What mail programs send by themselves needs none.
    expect(mail.raw).toMatch(/^List-Unsubscribe: <http\S+\/erase>$/m);
    const page = await plainBrowser('en').get(stage.url + confirm);
    await plainBrowser('en').submit(page, '/confirm');
    await stage.bringForward(campaign);
    const reminder = await waitFor(() => mailsTo('ugo@example.org')[1], { timeoutMs: 20_000 });
    expect(links(reminder.text)[0]).toBe(confirm);
    expect((await plainBrowser('en').get(stage.url + confirm)).url).toContain('?lang=it');
  });

  it('are given up where the address is refused for good, and tried again where it is not', async () => {
    const campaign = await open();
    server.refuse((to) => (to.startsWith('gone') ? 550 : to.startsWith('later') ? 451 : null));
    await ask(campaign, 'gone@example.org');
    await waitFor(
      async () => server.asked.includes('gone@example.org') && (await rows(campaign)).length === 0,
    );
    await ask(campaign, 'later@example.org');
    const tries = () => server.asked.filter((to) => to === 'later@example.org').length;
    await waitFor(() => tries() >= 2, { timeoutMs: 20_000, what: 'a second try' });
    server.refuse(() => null);
    await waitFor(() => mailsTo('later@example.org').length === 1, { timeoutMs: 20_000 });
    expect(mailsTo('gone@example.org')).toHaveLength(0);
    expect(server.asked.filter((to) => to === 'gone@example.org')).toHaveLength(1);
  });
});

needs('postgres')('a mail whose worker is killed after it was handed over', () => {
  it('goes out once more and is not lost', async () => {
    const server = await startMailServer();
    const environment = {
      DATABASE_URL: (await testDatabase(migrateAt)).url,
      DATA_DIR: await tempFolder('mail'),
      PORT: '0',
      SOLE_OPERATOR: 'true',
      SMTP_URL: server.url,
      MAIL_FROM: FROM,
    };
    const child = await startProcess({
      args: ['src/main.ts'],
      env: { ...environment, LOG_LEVEL: 'trace' },
    });
    await child.line(/^Tocsin is ready at (\S+)$/, { timeoutMs: 60_000 });
    const config = loadConfig({ ...environment, LOG_LEVEL: 'silent' });
    const ctx = await createContext(config, createLogger(config), new AbortController().signal);
    atEnd(() => ctx.dispose());
    ctx.baseUrl ||= 'http://127.0.0.1:1';
    server.fallSilent();
    const campaign = await openCampaign(
      { ctx, url: ctx.baseUrl },
      { document: { reminders: true } },
    );
    await requestReminder(ctx, { id: campaign.id, address: 'twice@example.org', locale: 'en' });
    await waitFor(() => server.held() === 1);
    await child.stop('SIGKILL');
    const said = child.output();
    const state = () =>
      ctx.db.selectFrom('reminder').select(['state', 'attempts']).executeTakeFirstOrThrow();
    expect(await state()).toEqual({ state: 'asked', attempts: 1 });
    server.fallSilent(false);
    const { id } = await ctx.db.selectFrom('reminder').select('id').executeTakeFirstOrThrow();
    await sendMail(ctx, { reminderId: id });
    expect(server.mails).toHaveLength(1);
    // The mark lapses after a minute; the test does not wait for it.
    await sql`update reminder set due_at = clock_timestamp()`.execute(ctx.db);
    await sendMail(ctx, { reminderId: id });
    expect(await state()).toEqual({ state: 'unconfirmed', attempts: 0 });
    expect(server.mails.map(({ to }) => to)).toEqual(['twice@example.org', 'twice@example.org']);
    const ids = server.mails.map(({ raw }) => /^message-id: (.*)$/im.exec(raw)?.[1]);
    expect(ids[0]).toBe(ids[1]);
    expect(said).not.toContain('twice');
  }, 90_000);
});
