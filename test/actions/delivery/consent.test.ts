import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { keyHolder } from '../../http/api.ts';
import { exactIn, joinFrom, pledgesOn, proposeOwn, setContent } from '../../http/on-page.ts';
import { type Page, plainBrowser } from '../../support/browser.ts';
import { needs } from '../../support/database.ts';
import { type OpenedCampaign, startStage, type TestStage } from '../../support/stage.ts';
import { waitFor } from '../../support/wait-for.ts';

/** The campaign as it was when people joined. */
const DOCUMENT = {
  locales: ['en'],
  title: { en: 'Consent' },
  story: { en: 'A story.' },
  messages: { en: 'What was agreed to. {{ hashtags }} {{ link }}' },
  addressee: { en: 'To whom it concerns' },
  letter: { en: 'A letter.' },
  variants: { en: ['The same in other words. {{ hashtags }}'] },
  own_words: true,
};

interface Joined {
  handle: string;
  receipt: Page;
  pledge: string;
  /** The text that the receipt shows: what they saw and agreed to. */
  agreed: string;
}

needs('postgres')('TRUST A1 what was seen', () => {
  let stage: TestStage;
  let campaign: OpenedCampaign;
  const db = () => stage.instance.ctx.db;
  beforeAll(async () => {
    stage = await startStage();
    campaign = await stage.open({ document: DOCUMENT });
  });

  async function joins(handle: string, words: Record<string, string> = {}): Promise<Joined> {
    const browser = plainBrowser();
    const account = await browser.chooseWords(campaign.url, words);
    const receipt = await joinFrom(browser, account, handle);
    return { handle, receipt, pledge: pledgesOn(receipt)[0] ?? '', agreed: exactIn(receipt) };
  }

  /** The rows as they are, to be put back later. */
  async function sealedOf({ pledge }: Joined): Promise<Buffer> {
    const { rows } = await sql<{ sealed: Buffer }>`
      select sealed from pledge where id = ${pledge}`.execute(db());
    return rows[0]?.sealed ?? Buffer.alloc(0);
  }

  async function putSealed({ pledge }: Joined, sealed: Buffer): Promise<void> {
    await sql`update pledge set sealed = ${sealed} where id = ${pledge}`.execute(db());
  }

  it('TRUST A1 is changed by no request of the API once a campaign is open', async () => {
    const api = await keyHolder(stage.instance.ctx, stage.url, 'trust-a1');
    const path = `/api/v1/campaigns/${campaign.slug}`;
    const before = await api.get(path);
    const change = { slug: campaign.slug, messages: { en: 'Other words' } };
    for (const below of ['', '/message', '/moment', '/link', '/content']) {
      const answers = [
        await api.post(path + below, change),
        await api.put(path + below, Buffer.from(JSON.stringify(change)), 'application/json'),
        await api.delete(path + below),
      ];
      // Of a moment there may be a decision, where the rules of its zone have changed since; there is none to take here.
      const taken = answers.filter(({ status }) => status < 400);
      expect([below, taken]).toEqual([below, []]);
    }
    // A second campaign of the same name takes nobody's place.
    const again = await api.post('/api/v1/campaigns', { ...DOCUMENT, slug: campaign.slug });
    expect(again.status).toBeGreaterThanOrEqual(400);
    expect((await api.get(path)).body).toEqual(before.body);
  });

  it('TRUST A1 is what is sent, whatever is changed under it: 0 posts of another text', async () => {
    const plain = await joins('a1_plain');
    const own = await joins('a1_own', { wording: 'own', own: 'In my own words.' });
    const changed = await joins('a1_changed', { wording: 'own', own: 'At first.' });
    const first = await sealedOf(changed);
    const agreeing = await proposeOwn(plainBrowser(), changed.receipt, 'On second thought.');
    const after = await plainBrowser().submit(agreeing, '/agree');
    changed.agreed = exactIn(after);
    expect(changed.agreed).toBe('On second thought.');
    const [swapped, other] = [await joins('a1_swapped'), await joins('a1_other')];
    const flipped = await joins('a1_flipped');
    const restored = await joins('a1_restored', { wording: 'own', own: 'Before.' });
    const old = await sealedOf(restored);
    const page = await proposeOwn(plainBrowser(), restored.receipt, 'Later.');
    restored.agreed = exactIn(await plainBrowser().submit(page, '/agree'));

    // A writer of the database changes text, link and hashtags, ...
    await setContent(stage, campaign, {
      messages: { en: 'Other words. {{ link }}' },
      link: 'https://evil.example/',
      hashtags: ['Evil'],
    });
    // ... gives one person's consent to another, damages one, and brings an older one back.
    await putSealed(swapped, await sealedOf(other));
    const bytes = Buffer.from(await sealedOf(flipped));
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
    await putSealed(flipped, bytes);
    await putSealed(restored, old);
    expect(first.equals(await sealedOf(changed))).toBe(false);

    const sent = [plain, own, changed, other];
    const kept = [swapped, flipped, restored];
    const { moment } = await stage.bringForward(campaign);
    await waitFor(
      async () => {
        const handles = (await stage.control.posts()).map(({ handle }) => handle);
        return sent.every(({ handle }) => handles.includes(handle));
      },
      { timeoutMs: 60_000, what: 'the posts that nobody touched' },
    );
    // What does not open is tried again for a while; it must not come to anything.
    await waitFor(async () => {
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from delivery where campaign_id = ${campaign.id}
          and pledge_id = any(${kept.map(({ pledge }) => pledge)}::uuid[]) and state <> 'pending'
          and state <> 'armed' and state <> 'sending'`.execute(db());
      return rows[0]?.n === kept.length;
    });
    const posts = await stage.control.posts();
    const textOf = (handle: string) => posts.filter((post) => post.handle === handle);
    for (const { handle, agreed } of sent) {
      expect([handle, textOf(handle).map(({ text }) => text)]).toEqual([handle, [agreed]]);
    }
    for (const { handle } of kept) expect([handle, textOf(handle)]).toEqual([handle, []]);
    for (const { text } of posts) expect(text).not.toMatch(/Other words|evil|Before\.|At first/i);
    expect(posts.filter(({ at_us }) => at_us < moment.getTime() * 1_000)).toEqual([]);
  });

  it('TRUST A1 is sent at the moment that was seen, or not by itself', async () => {
    const timed = await stage.open({ document: DOCUMENT });
    campaign = timed;
    const { handle } = await joins('a1_timed');
    // The instant alone, without the wall time and the zone that people were shown.
    await sql`update campaign set moment = clock_timestamp() + interval '3 seconds',
      preflight_at = clock_timestamp(), lock_at = clock_timestamp() + interval '1 second',
      arm_at = clock_timestamp() + interval '1500 milliseconds',
      too_late_at = clock_timestamp() + interval '30 seconds' where id = ${timed.id}`.execute(db());
    await waitFor(
      async () => {
        const { rows } = await sql<{ late: boolean }>`
          select clock_timestamp() > moment + interval '5 seconds' as late
          from campaign where id = ${timed.id}`.execute(db());
        return rows[0]?.late === true;
      },
      { timeoutMs: 60_000 },
    );
    const posts = (await stage.control.posts()).filter((post) => post.handle === handle);
    expect(posts).toEqual([]);
  });
});
