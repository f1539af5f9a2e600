import { describe, expect, it } from 'vitest';
import { claimedPost } from '../../src/platforms/claimed-post.ts';
import { COMPOSE_WAYS, TEXT_RULES } from '../../src/platforms/index.ts';

const TEXT = 'Сто дней & one more: 100% #Chechen100 https://example.org/a?b=c';
const WITHOUT_LINK = 'Сто дней & one more: 100% #Chechen100';
const POST = {
  text: TEXT,
  link: 'https://example.org/a?b=c',
  server: 'chaos.example',
  appId: '',
  back: 'https://tocsin.example/c/a/assisted',
};

const keyOf = (address: string): string | null => claimedPost(address)?.key ?? null;

describe('a composer', () => {
  it.each(COMPOSE_WAYS)('of $label gets the exact text, or the link alone', (way) => {
    const url = new URL(way.url(POST));
    expect(url.protocol).toBe('https:');
    const values = [...url.searchParams.values()];
    // Telegram's composer puts the link above the text by itself.
    const text = values.includes(POST.link) ? WITHOUT_LINK : TEXT;
    expect(values).toContain(way.carries === 'text' ? text : POST.link);
  });

  it.each(COMPOSE_WAYS)('C3 of $label gets the link once', (way) => {
    const { text, link } = POST;
    for (const one of [text, `Ring with us\n${link}`, `${link} rings`, `${link}\nrings`, link]) {
      const values = [...new URL(way.url({ ...POST, text: one })).searchParams.values()];
      expect(values.join(' ').split(link), one).toHaveLength(2);
    }
  });

  it('C3 keeps a sentence that the link stands within', () => {
    const within = `Read ${POST.link} now`;
    const telegram = COMPOSE_WAYS.find(({ name }) => name === 'telegram');
    const url = new URL(telegram?.url({ ...POST, text: within }) ?? '');
    expect(url.searchParams.get('text')).toBe(within);
  });

  it('of a network with many servers is on the one that was named', () => {
    const mastodon = COMPOSE_WAYS.find(({ requires: asks }) => asks === 'server');
    expect(new URL(mastodon?.url(POST) ?? '').origin).toBe('https://chaos.example');
  });

  it('comes back where the instance has an app, and does without one', () => {
    const facebook = COMPOSE_WAYS.find(({ byHandOnly }) => byHandOnly);
    const url = new URL(facebook?.url({ ...POST, appId: '42' }) ?? '');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      app_id: '42',
      href: POST.link,
      redirect_uri: POST.back,
    });
    expect(facebook?.url(POST)).not.toContain('app_id');
  });

  it('is there for every network, under one name', () => {
    const names = COMPOSE_WAYS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(TEXT_RULES.map(({ platform }) => platform)).toContain('x');
  });
});

describe('the address of a post', () => {
  it.each([
    ['https://x.com/anna/status/123?s=20', 'https://mobile.twitter.com/i/web/status/123'],
    ['https://www.threads.net/@anna/post/Cx_1', 'https://threads.com/t/Cx_1?x=1'],
    [
      'https://bsky.app/profile/anna.example/post/3k',
      'https://bsky.app/profile/anna.example/post/3k#top',
    ],
    ['https://www.facebook.com/anna/posts/77/', 'https://m.facebook.com/anna/posts/77?ref=x'],
    [
      'https://www.facebook.com/permalink.php?story_fbid=1&id=2',
      'https://facebook.com/permalink.php?id=2&story_fbid=1&__tn__=x',
    ],
    ['https://t.me/channel/5', 'https://t.me/s/channel/5?single'],
    ['https://www.linkedin.com/posts/anna_x-1', 'https://linkedin.com/posts/anna_x-1?utm=1'],
    ['https://chaos.example/@anna/1', ' https://CHAOS.example/@anna/1/ '],
  ])('%s is the same post as %s', (one, other) => {
    expect(keyOf(one)).not.toBeNull();
    expect(keyOf(other)).toBe(keyOf(one));
  });

  it('differs for two posts, and for two servers', () => {
    const keys = [
      'https://x.com/a/status/1',
      'https://x.com/a/status/2',
      'https://a.example/1',
      'https://b.example/1',
    ];
    expect(new Set(keys.map(keyOf)).size).toBe(4);
  });

  it.each([
    '',
    'hello',
    'https://x.com/anna',
    'https://x.com/',
    'http://chaos.example/@anna/1',
    'https://chaos.example/',
    'https://127.0.0.1/a/1',
    'https://localhost/a/1',
    'https://user:pass@chaos.example/a/1',
    'https://chaos.example:8443/a/1',
    'javascript:alert(1)',
    'https://www.facebook.com/anna',
    `https://chaos.example/${'a'.repeat(3000)}`,
  ])('%j is none', (text) => {
    expect(keyOf(text)).toBeNull();
  });
});
