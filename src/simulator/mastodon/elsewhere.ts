import type { Incoming, Route, SimulatedResponse } from '../platform.ts';
import { json } from './answers.ts';
import type { MastodonCaller } from './grants.ts';
import type { MastodonDeps } from './parts.ts';

const HOST_META = '/.well-known/host-meta';
const WEBFINGER = '/.well-known/webfinger';

/** A domain that people are known by and that is no server: it points to the one that they log in to. */
export function elsewhereRoute({ world }: MastodonDeps): Route<MastodonCaller> {
  return {
    path: 'discovery',
    identify: () => ({}),
    run(request) {
      const { elsewhere, pointsBy } = world.behaviour.mastodon;
      const there = new URL(elsewhere ?? 'http://localhost').origin;
      const template = `${there}${WEBFINGER}?resource={uri}`;
      switch (pointsBy) {
        case 'redirect':
          return redirect(request, there);
        case 'hostMetaRedirect':
          return request.path === HOST_META ? redirect(request, there) : garden();
        case 'hostMeta':
          return request.path === HOST_META ? xrd(template) : garden();
        case 'hostMetaJson':
          return request.path === HOST_META
            ? json(200, { links: [{ rel: 'lrdd', template }] })
            : garden();
        case 'webfinger':
          return request.path === WEBFINGER ? finger(request, there) : garden();
      }
    },
  };
}

function redirect({ path, query }: Incoming, there: string): SimulatedResponse {
  const location = `${there}${path}${query === '' ? '' : `?${query}`}`;
  return { status: 301, headers: `location: ${location}\r\n`, body: '' };
}

/** Everything else is answered by an ordinary home page. */
function garden(): SimulatedResponse {
  return { status: 404, headers: 'content-type: text/html\r\n', body: '<h1>My garden</h1>' };
}

function xrd(template: string): SimulatedResponse {
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">
  <Link rel="lrdd" template="${template}"/>
</XRD>
`;
  return { status: 200, headers: 'content-type: application/xrd+xml; charset=utf-8\r\n', body };
}

/** RFC 7033: of one account alone. */
function finger({ query }: Incoming, there: string): SimulatedResponse {
  const resource = new URLSearchParams(query).get('resource') ?? '';
  const [, user] = /^acct:([^@]+)@/.exec(resource) ?? [];
  if (user === undefined) return json(404, { error: 'Not Found' });
  const type = 'application/activity+json';
  const links = [{ rel: 'self', type, href: `${there}/users/${user}` }];
  return json(200, { subject: resource, links });
}
