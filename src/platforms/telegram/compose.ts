import { type ComposeWay, withParameters } from '../compose-way.ts';

/** Asks for the link apart, and shows it above the text. Source: core.telegram.org/widgets/share, undated. */
export const telegramCompose: ComposeWay = {
  name: 'telegram',
  label: 'Telegram',
  asks: 'nothing',
  carries: 'text',
  byHandOnly: false,
  hosts: ['t.me', 'telegram.me'],
  url: ({ text, link }) => withParameters('https://t.me/share/url', { url: link, text }),
  postKey: (url) => /^\/(?:s\/)?(\w+\/\d+)/.exec(url.pathname)?.[1] ?? null,
};
