import { type ComposeWay, withParameters } from '../compose-way.ts';

/** Source: docs.x.com/x-for-websites/post-button/guides/web-intent, 2026-08-22. */
export const xCompose: ComposeWay = {
  name: 'x',
  label: 'X',
  requires: 'nothing',
  carries: 'text',
  byHandOnly: false,
  hosts: ['x.com', 'twitter.com'],
  url: ({ text }) => withParameters('https://x.com/intent/tweet', { text }),
  postKey: (url) => /^\/(?:i\/web|i|\w{1,15})\/status\/(\d{1,20})/.exec(url.pathname)?.[1] ?? null,
};
