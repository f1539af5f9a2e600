import type { Incoming, Route, SimulatedResponse } from '../platform.ts';
import { json } from './answers.ts';
import { originOf } from './forms.ts';
import type { MastodonCaller } from './grants.ts';
import type { MastodonDeps } from './parts.ts';
import { says } from './refusals.ts';

type Tell = (deps: MastodonDeps, request: Incoming) => unknown;

/** What a server tells anybody of itself, by path. Undefined: its version has none of that. */
const PAGES: Record<string, Tell> = {
  '/.well-known/oauth-authorization-server': metadata,
  '/.well-known/nodeinfo': (_parts, request) => ({
    links: [
      {
        rel: 'http://nodeinfo.diaspora.software/ns/schema/2.0',
        href: `${originOf(request)}/nodeinfo/2.0`,
      },
    ],
  }),
  '/nodeinfo/2.0': ({ world }) => ({
    version: '2.0',
    software: {
      name: world.behaviour.mastodon.software,
      version: world.behaviour.mastodon.version,
    },
    protocols: ['activitypub'],
    services: { outbound: [], inbound: [] },
    usage: { users: { total: world.accounts.size() } },
    openRegistrations: false,
    metadata: {},
  }),
  '/api/v1/instance': instanceV1,
  '/api/v2/instance': instanceV2,
};

export const DISCOVERY = Object.keys(PAGES);

export function discoveryRoute(deps: MastodonDeps): Route<MastodonCaller> {
  return {
    path: 'discovery',
    identify: () => ({}),
    run(request): SimulatedResponse {
      // Some clients end paths with a slash, which Mastodon passes over.
      const { mastodon } = deps.world.behaviour;
      if (mastodon.limitedFederation && /^\/api\/v\d\/instance/.test(request.path)) {
        return says(mastodon, 'noToken');
      }
      const told = PAGES[request.path.replace(/\/$/, '')]?.(deps, request);
      return told === undefined ? json(404, { error: 'Not Found' }) : json(200, told);
    },
  };
}

/** Since the version that brought it; of other servers, all but snac have it. */
function isSince({ world }: MastodonDeps, major: number, minor: number): boolean {
  const { software, version } = world.behaviour.mastodon;
  if (software !== 'mastodon') return software !== 'snac';
  const [has = 0, hasMinor = 0] = version.split('.').map(Number);
  return has > major || (has === major && hasMinor >= minor);
}

/** docs.joinmastodon.org/methods/oauth, since 4.3. */
function metadata(deps: MastodonDeps, request: Incoming) {
  if (!isSince(deps, 4, 3)) return undefined;
  const origin = originOf(request);
  return {
    issuer: `${origin}/`,
    authorization_endpoint: `${origin}/oauth/authorize`,
    token_endpoint: `${origin}/oauth/token`,
    revocation_endpoint: `${origin}/oauth/revoke`,
    app_registration_endpoint: `${origin}/api/v1/apps`,
    scopes_supported: [
      'read',
      'profile',
      'write',
      'write:statuses',
      'read:accounts',
      'read:statuses',
      'follow',
      'push',
    ],
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    grant_types_supported: ['authorization_code', 'client_credentials'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    code_challenge_methods_supported: ['S256'],
    service_documentation: 'https://docs.joinmastodon.org/',
  };
}

function configuration({ world }: MastodonDeps) {
  const { maxCharacters, reservedPerUrl } = world.behaviour.mastodon;
  return {
    urls: {},
    accounts: { max_featured_tags: 10, max_pinned_statuses: 5 },
    statuses: {
      max_characters: maxCharacters,
      max_media_attachments: 4,
      characters_reserved_per_url: reservedPerUrl,
    },
    media_attachments: { supported_mime_types: [], image_size_limit: 0, video_size_limit: 0 },
    polls: {
      max_options: 4,
      max_characters_per_option: 50,
      min_expiration: 300,
      max_expiration: 2_629_746,
    },
    translation: { enabled: false },
  };
}

const DESCRIPTION = 'A simulated server. Nothing is published anywhere.';

function instanceV1(deps: MastodonDeps, request: Incoming) {
  const { host } = new URL(originOf(request));
  return {
    uri: host,
    title: 'Simulator',
    short_description: DESCRIPTION,
    description: DESCRIPTION,
    email: '',
    version: deps.world.behaviour.mastodon.version,
    urls: { streaming_api: `ws://${host}` },
    stats: { user_count: deps.world.accounts.size(), status_count: 0, domain_count: 0 },
    thumbnail: null,
    languages: ['en'],
    registrations: false,
    approval_required: false,
    invites_enabled: false,
    configuration: configuration(deps),
    contact_account: null,
    rules: [],
  };
}

function instanceV2(deps: MastodonDeps, request: Incoming) {
  if (!isSince(deps, 4, 0)) return undefined;
  return {
    domain: new URL(originOf(request)).host,
    title: 'Simulator',
    version: deps.world.behaviour.mastodon.version,
    source_url: 'https://github.com/mastodon/mastodon',
    description: DESCRIPTION,
    usage: { users: { active_month: deps.world.accounts.size() } },
    thumbnail: { url: '' },
    languages: ['en'],
    configuration: configuration(deps),
    registrations: { enabled: false, approval_required: false, message: null },
    contact: { email: '', account: null },
    rules: [],
  };
}
