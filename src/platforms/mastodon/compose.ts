import { type ComposeWay, pathKey, withParameters } from '../compose-way.ts';

/** Every server has its own composer, so the supporter names it. Source: unsourced; the address that its share buttons use. */
export const mastodonCompose: ComposeWay = {
  name: 'mastodon',
  label: 'Mastodon',
  requires: 'server',
  carries: 'text',
  byHandOnly: false,
  hosts: null,
  url: ({ text, server }) => withParameters(`https://${server}/share`, { text }),
  // Servers that speak the protocol write their addresses in many ways; all have something behind the host.
  postKey: pathKey,
};
