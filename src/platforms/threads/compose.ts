import { type ComposeWay, withParameters } from '../compose-way.ts';

/** Source: developers.facebook.com/documentation/threads/threads-web-intents, 2026-03-19. */
export const threadsCompose: ComposeWay = {
  name: 'threads',
  label: 'Threads',
  requires: 'nothing',
  carries: 'text',
  byHandOnly: false,
  hosts: ['threads.com', 'threads.net'],
  url: ({ text }) => withParameters('https://www.threads.com/intent/post', { text }),
  postKey: (url) => /^\/(?:@[\w.]+\/post|t)\/([\w-]+)/.exec(url.pathname)?.[1] ?? null,
};
