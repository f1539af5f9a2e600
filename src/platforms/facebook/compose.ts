import { type ComposeWay, pathKey, withParameters } from '../compose-way.ts';

/** Addresses of posts that say in their query which one they are. */
const NAMING = ['story_fbid', 'id', 'fbid', 'v'];

/**
 * The share dialog takes a link and no message: platform policy forbids filling in what a person says. With an app of the
 * instance's own it comes back here afterwards; the sharer works without one. No API posts to a profile.
 * Source: developers.facebook.com/docs/sharing/reference/share-dialog, 2026-06-30; the sharer's address: unsourced.
 */
export const facebookCompose: ComposeWay = {
  name: 'facebook',
  label: 'Facebook',
  requires: 'nothing',
  carries: 'link',
  byHandOnly: true,
  hosts: ['facebook.com'],
  url: ({ link, appId, back }) =>
    appId === ''
      ? withParameters('https://www.facebook.com/sharer/sharer.php', { u: link })
      : withParameters('https://www.facebook.com/dialog/share', {
          app_id: appId,
          display: 'page',
          href: link,
          redirect_uri: back,
        }),
  postKey: (url) => {
    const path = pathKey(url);
    const named = NAMING.flatMap((name) => url.searchParams.get(name) ?? []).join('/');
    if (path === null) return null;
    return named === '' ? ofPath(path) : named;
  },
};

/** A profile's own page is no post. */
function ofPath(path: string): string | null {
  return path.split('/').length > 2 ? path : null;
}
