import { type ComposeWay, pathKey, withParameters } from '../compose-way.ts';

/** Takes a link and no text. Source: unsourced; the address that share buttons on the web use. */
export const linkedinCompose: ComposeWay = {
  name: 'linkedin',
  label: 'LinkedIn',
  requires: 'nothing',
  carries: 'link',
  byHandOnly: false,
  hosts: ['linkedin.com'],
  url: ({ link }) =>
    withParameters('https://www.linkedin.com/sharing/share-offsite/', { url: link }),
  postKey: (url) => (/^\/(?:posts|feed\/update)\/./.test(url.pathname) ? pathKey(url) : null),
};
