import { type ComposeWay, withoutLink, withParameters } from '../compose-way.ts';

/** Asks for the link apart, and puts it above the text, which therefore goes without it. Source: core.telegram.org/widgets/share, undated. */
export const telegramCompose: ComposeWay = {
  name: 'telegram',
  label: 'Telegram',
  requires: 'nothing',
  carries: 'text',
  byHandOnly: false,
  hosts: ['t.me', 'telegram.me'],
  url: ({ text, link }) =>
    withParameters('https://t.me/share/url', { url: link, text: withoutLink(text, link) }),
  postKey: (url) => /^\/(?:s\/)?(\w+\/\d+)/.exec(url.pathname)?.[1] ?? null,
};
