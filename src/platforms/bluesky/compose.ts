import { type ComposeWay, withParameters } from '../compose-way.ts';

/** Source: docs.bsky.app/docs/advanced-guides/intent-links, 2026-04-21. */
export const blueskyCompose: ComposeWay = {
  name: 'bluesky',
  label: 'Bluesky',
  requires: 'nothing',
  carries: 'text',
  byHandOnly: false,
  hosts: ['bsky.app'],
  url: ({ text }) => withParameters('https://bsky.app/intent/compose', { text }),
  postKey: (url) => /^\/profile\/([\w.:-]+\/post\/[\w-]+)/.exec(url.pathname)?.[1] ?? null,
};
