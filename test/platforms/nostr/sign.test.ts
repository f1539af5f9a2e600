import { verifyEvent } from 'nostr-tools/pure';
import { describe, expect, it } from 'vitest';
import { GrantRefused, type Platform } from '../../../src/platforms/platform.ts';
import { pubkeyOf, signAs } from '../../../src/simulator/client.ts';
import { BASE, nostrAt } from './support.ts';

const MOMENT = new Date('2027-07-10T08:00:00.700Z');
const TEXT =
  'Сто дней — 100 days 👩‍👩‍👧\n#100DaysOfInjustice #Свобода https://e.org/#no a#b #123 #free_us #FREE_US';

type Unsigned = Parameters<typeof signAs>[1];

async function ask(nostr: Platform) {
  const asked = { redirectUri: '', locator: '', locale: 'ru', text: TEXT, moment: MOMENT };
  const { url, flowSecret } = await nostr.authorize({ ...asked, state: 'a b' });
  return { url, flowSecret, unsigned: nostr.toSign?.(flowSecret) as Unsigned };
}

describe('what a supporter of Nostr signs', () => {
  const nostr = nostrAt(['ws://127.0.0.1:9']);

  it('is the text and the moment, asked for on a page of ours', async () => {
    const { url, unsigned } = await ask(nostr);
    expect(url).toBe(`${BASE}/sign/nostr?state=a+b`);
    expect(unsigned).toEqual({
      kind: 1,
      created_at: 1_815_206_400,
      content: TEXT,
      tags: [
        ['t', '100daysofinjustice'],
        ['t', 'свобода'],
        ['t', 'free_us'],
      ],
    });
  });

  it('comes back as a grant that is nothing but the event, and names its author', async () => {
    const { flowSecret, unsigned } = await ask(nostr);
    const signed = signAs('anna', unsigned);
    const code = JSON.stringify({ ...signed, relays: ['wss://spy.example'] }, null, 2);
    const grant = await nostr.exchange({ answer: { code }, flowSecret, redirectUri: '' });
    expect(JSON.parse(grant.accessToken)).toEqual(signed);
    expect(grant).toMatchObject({ refreshToken: null, expiresAt: null });
    expect(verifyEvent(JSON.parse(grant.accessToken))).toBe(true);
    expect(await nostr.whoAmI(grant)).toEqual({
      id: pubkeyOf('anna'),
      handle: expect.stringMatching(/^npub1\w{7}…\w{6}$/),
    });
    await expect(nostr.refresh(grant)).rejects.toBeInstanceOf(GrantRefused);
  });

  it('is refused when it is anything else', async () => {
    const { flowSecret, unsigned } = await ask(nostr);
    const signed = signAs('anna', unsigned);
    const other = signAs('anna', { ...unsigned, content: `${TEXT}.` });
    const wrong: [string, unknown][] = [
      ['not_json', undefined],
      ['no_event', null],
      ['no_event', [signed]],
      ['unsigned', unsigned],
      ['no_event', { ...signed, sig: 'x' }],
      ['no_event', { ...signed, tags: [[1]] }],
      ['other_text', other],
      ['other_time', signAs('anna', { ...unsigned, created_at: unsigned.created_at + 1 })],
      ['other_time', signAs('anna', { ...unsigned, kind: 30_023 })],
      ['other_tags', signAs('anna', { ...unsigned, tags: [] })],
      ['other_tags', signAs('anna', { ...unsigned, tags: [...unsigned.tags, ['client', 'x']] })],
      ['bad_signature', { ...signed, sig: other.sig }],
      ['bad_signature', { ...signed, id: other.id }],
      ['bad_signature', { ...signed, pubkey: pubkeyOf('ben') }],
    ];
    for (const [problem, value] of wrong) {
      const code = JSON.stringify(value) ?? 'oops';
      const error = await nostr
        .exchange({ answer: { code }, flowSecret, redirectUri: '' })
        .catch((caught: unknown) => caught);
      expect(error, problem).toBeInstanceOf(GrantRefused);
      expect((error as Error).message).toBe(`what was signed: ${problem}`);
    }
  });
});
