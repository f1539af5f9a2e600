import type { Post, SimulatedAccount } from '../accounts.ts';
import type { Incoming, Route, World } from '../platform.ts';
import { take } from '../x/limits.ts';
import { failure, json, limitHeaders } from './answers.ts';
import { kindOf } from './behaviour.ts';
import { originOf } from './forms.ts';
import { allows, type MastodonCaller } from './grants.ts';
import { htmlOf } from './html.ts';
import type { MastodonDeps } from './parts.ts';
import { problemWith, says, tooMany } from './refusals.ts';

/** docs.joinmastodon.org/entities/Account. */
export function shownAccount(account: SimulatedAccount, origin: string) {
  const { id, handle, followers, posts, suspended, standing } = account;
  const url = `${origin}/@${handle}`;
  const image = `${origin}/avatars/original/missing.png`;
  return {
    ...{ id, username: handle, acct: handle, display_name: handle, url },
    uri: `${origin}/users/${handle}`,
    ...{ locked: false, bot: false, discoverable: true, group: false, noindex: false },
    ...{ created_at: '2024-01-01T00:00:00.000Z', last_status_at: null, note: '' },
    ...{ avatar: image, avatar_static: image, header: image, header_static: image },
    ...{ followers_count: followers, following_count: 0, statuses_count: posts.length },
    ...{ emojis: [], fields: [], roles: [] },
    moved: standing === 'moved' ? { id: `${id}0`, acct: `${handle}@elsewhere.example` } : null,
    memorial: standing === 'memorial',
    ...(standing === 'limited' && { limited: true }),
    ...(suspended && { suspended: true }),
  };
}

/** docs.joinmastodon.org/entities/Status. */
export function shownStatus(
  deps: MastodonDeps,
  post: Post,
  account: SimulatedAccount,
  origin: string,
) {
  const facts = deps.facts.get(post);
  const { spoiler_text = '' } = post;
  // Mastodon takes a post with a content warning for a sensitive one: app/services/post_status_service.rb.
  const sensitive = spoiler_text !== '';
  const { visibility = 'public', language = null, html = null, quotes = null } = facts ?? {};
  return {
    id: post.id,
    created_at: new Date(post.at_us / 1_000).toISOString(),
    uri: `${origin}/users/${post.handle}/statuses/${post.id}`,
    url: `${origin}/@${post.handle}/${post.id}`,
    content: html ?? htmlOf(post.text, origin, deps.world.behaviour.wrapLinks),
    ...{ visibility, language, sensitive, spoiler_text, edited_at: null },
    ...{ in_reply_to_id: null, in_reply_to_account_id: null, reblog: null, application: null },
    ...{ replies_count: 0, reblogs_count: 0, favourites_count: 0 },
    ...{ favourited: false, reblogged: false, muted: false, bookmarked: false, pinned: false },
    account: shownAccount(account, origin),
    ...{ media_attachments: [], mentions: [], tags: [], emojis: [], filtered: [] },
    ...{ card: null, poll: null },
    quote_approval: { automatic: quotes === 'nobody' ? [] : [quotes ?? 'public'], manual: [] },
  };
}

/** GET /api/v1/accounts/verify_credentials. */
export function meRoute(deps: MastodonDeps): Route<MastodonCaller> {
  return {
    path: 'me',
    identify: deps.grants.caller,
    run(request, { token }) {
      const { mastodon } = deps.world.behaviour;
      const account = token?.account;
      if (!token) return says(mastodon, 'badToken');
      if (!account) return says(mastodon, 'noAccount');
      const scopes = token.scope.split(' ');
      const maySee = allows(scopes, 'read:accounts') || scopes.includes('profile');
      if (!maySee) return says(mastodon, 'outsideScopes');
      const problem = problemWith(account, mastodon);
      if (problem && !isShownToItself(account, deps.world)) return problem;
      const window = deps.windows.current('mastodonPerUser', account.id, request.atUs / 1_000);
      if (!take(window)) return tooMany(mastodon, window);
      const source = { privacy: 'public', sensitive: false, language: null, note: '', fields: [] };
      const body = { ...shownAccount(account, originOf(request)), source };
      return json(200, body, limitHeaders(window));
    },
  };
}

/** GoToSocial, and Mastodon before it asked for a login that functions, show an account to its owner still. */
function isShownToItself(
  { standing, suspended, locked }: SimulatedAccount,
  { behaviour }: World,
): boolean {
  const { software, version } = behaviour.mastodon;
  const isAsked = software === 'mastodon' && Number.parseFloat(version) >= 4.3;
  return ['moved', 'memorial'].includes(standing) && !suspended && !locked && !isAsked;
}

export const ONE_ACCOUNT = /^\/api\/v1\/accounts\/(\w+)$/;

/** GET /api/v1/accounts/:id: anybody may look, where nothing is closed. docs.joinmastodon.org/methods/accounts/#get. */
export function accountRoute(deps: MastodonDeps): Route<MastodonCaller> {
  return {
    path: 'other',
    identify: deps.grants.caller,
    run(request, { token }) {
      const { mastodon } = deps.world.behaviour;
      const account = deps.world.accounts.byId(ONE_ACCOUNT.exec(request.path)?.[1] ?? '');
      const { closed, limitedFederation } = mastodon;
      const isClosed = closed || limitedFederation || kindOf(mastodon).asksToRead;
      if (request.headers.authorization !== undefined) {
        if (!token) return says(mastodon, 'badToken');
        if (!allows(token.scope.split(' '), 'read:accounts')) return says(mastodon, 'mayNotRead');
      } else if (isClosed) return says(mastodon, 'noToken');
      if (!account) return failure(404, 'Record not found');
      return json(200, shownAccount(account, originOf(request)));
    },
  };
}

export const TIMELINE = /^\/api\/v1\/accounts\/(\w+)\/statuses$/;
const MAX_STATUSES = 40;

/** GET /api/v1/accounts/:id/statuses, newest first: anybody may read it as a rule, but a token must be one for that. */
export function timelineRoute(deps: MastodonDeps): Route<MastodonCaller> {
  const ownerOf = ({ path }: Incoming) => deps.world.accounts.byId(TIMELINE.exec(path)?.[1] ?? '');
  return {
    path: 'timeline',
    identify: (request) => ({ ...deps.grants.caller(request), account: ownerOf(request) }),
    run(request, { account, token }) {
      const { mastodon } = deps.world.behaviour;
      if (request.headers.authorization !== undefined) {
        if (!token) return says(mastodon, 'badToken');
        const isBarred = token.account?.suspended && kindOf(mastodon).endsTokens;
        if (isBarred) return says(mastodon, 'suspended');
        if (!allows(token.scope.split(' '), 'read:statuses')) return says(mastodon, 'mayNotRead');
      } else if (mastodon.closed || mastodon.limitedFederation || kindOf(mastodon).asksToRead) {
        return says(mastodon, 'noToken');
      }
      if (!account) return failure(404, 'Record not found');
      return json(200, account.suspended ? [] : newest(deps, account, request));
    },
  };
}

function newest(deps: MastodonDeps, account: SimulatedAccount, request: Incoming) {
  const query = new URLSearchParams(request.query);
  const most = Math.min(MAX_STATUSES, Math.max(1, Number(query.get('limit') ?? 20) || 20));
  const before = query.get('max_id');
  const found = [];
  for (let i = account.posts.length - 1; i >= 0 && found.length < most; i--) {
    const post = account.posts[i] as Post;
    if (before !== null && BigInt(post.id) >= BigInt(before.replace(/\D/g, '') || '0')) continue;
    const { visibility = 'public' } = deps.facts.get(post) ?? {};
    if (visibility !== 'public' && visibility !== 'unlisted') continue;
    found.push(shownStatus(deps, post, account, originOf(request)));
  }
  return found;
}
