import { randomInt } from 'node:crypto';
import type { Post, SimulatedAccount } from '../accounts.ts';
import { postPage } from '../graph/consent.ts';
import type { Incoming, Route, SimulatedResponse, World } from '../platform.ts';
import { take } from '../x/limits.ts';
import { shownStatus } from './accounts.ts';
import { failure, json, limitHeaders } from './answers.ts';
import { kindOf, type MastodonBehaviour } from './behaviour.ts';
import { type Form, fieldsOf, originOf } from './forms.ts';
import { allows, type MastodonCaller } from './grants.ts';
import { markdownHtml, textOfHtml } from './markdown.ts';
import { friendicaHtml, mfmHtml } from './markup.ts';
import type { KeptKey, MastodonDeps } from './parts.ts';
import { problemWith, says, textInvalid, tooMany } from './refusals.ts';
import { lengthProblem } from './text.ts';

const VISIBILITIES = new Set(['public', 'unlisted', 'private', 'direct']);
/** Since 4.5: docs.joinmastodon.org/client/quotes. */
const QUOTE_POLICIES = new Set(['public', 'followers', 'nobody']);
const MARKDOWN = 'text/markdown';
const MAX_KEY_TABLE = 1_000_000;

/** POST /api/v1/statuses: docs.joinmastodon.org/methods/statuses. Nothing is refused for being said twice. */
export function statusesRoute(deps: MastodonDeps): Route<MastodonCaller> {
  const nextId = idsOf();
  return {
    path: 'posts',
    identify: deps.grants.caller,
    run(request, { token }) {
      const { mastodon } = deps.world.behaviour;
      const account = token?.account;
      if (!token) return says(mastodon, 'badToken');
      if (!account) return says(mastodon, 'noAccount');
      const mayPost = allows(token.scope.split(' '), 'write:statuses');
      if (!mayPost) return says(mastodon, 'outsideScopes');
      const problem = problemWith(account, mastodon);
      if (problem) return problem;
      if (kindOf(mastodon).wantsMedia) return says(mastodon, 'noText');
      const nowMs = request.atUs / 1_000;
      const window = deps.windows.current('mastodonPostsPerUser', account.id, nowMs);
      const known = knownKey(deps, request, account, nowMs);
      if (known) return again(deps, known, account, request);
      if (!take(window)) return tooMany(mastodon, window);
      const form = fieldsOf(request);
      const wrong = wrongWith(form, deps.world);
      if (wrong) return textInvalid(mastodon, wrong, limitHeaders(window));
      const post = accept(deps, account, form, request, nextId(nowMs));
      const shown = shownStatus(deps, post, account, originOf(request));
      const lateMs = mastodon.lateMs ?? kindOf(mastodon).lateMs;
      return { ...json(200, shown, limitHeaders(window)), post, ...(lateMs > 0 && { lateMs }) };
    },
  };
}

function accept(
  deps: MastodonDeps,
  account: SimulatedAccount,
  form: Form,
  request: Incoming,
  id: string,
): Post {
  const { mastodon } = deps.world.behaviour;
  const html = shownAs(form, mastodon, originOf(request));
  // What people see there, and so what the record holds.
  const text = html === null ? (form.status ?? '') : textOfHtml(html);
  const warning = form.spoiler_text ?? '';
  const called = request.headers['idempotency-key'];
  const post: Post = {
    ...{ account: account.id, handle: account.handle, id, text, at_us: request.atUs },
    ...(warning !== '' && { spoiler_text: warning }),
    ...(called !== undefined && { key: called }),
  };
  const { visibility = 'public', language = null, quote_approval_policy: quotes = null } = form;
  deps.facts.set(post, { visibility, language, quotes, html });
  account.posts.push(post);
  const key = keyOf(request, account);
  if (key !== null) {
    deps.keys.set(key, { post, atMs: request.atUs / 1_000 });
    if (deps.keys.size > MAX_KEY_TABLE) deps.keys.delete(deps.keys.keys().next().value ?? '');
  }
  return post;
}

/** Its HTML, where it is read as more than text. */
function shownAs(form: Form, mastodon: MastodonBehaviour, origin: string): string | null {
  const { status = '' } = form;
  const { reads } = kindOf(mastodon);
  if (reads === 'mfm') return mfmHtml(status, origin);
  if (reads === 'friendica') return friendicaHtml(status, origin);
  return isMarkdown(form, mastodon) ? markdownHtml(status, origin) : null;
}

/** Mastodon itself knows no Markdown; Glitch, which is called mastodon too, does where an account has set it. */
function isMarkdown({ content_type: asked }: Form, mastodon: MastodonBehaviour): boolean {
  const { reads, takesFormat } = kindOf(mastodon);
  if (reads === 'markdown') return true;
  const usual = `text/${mastodon.defaultFormat}`;
  return (takesFormat || usual === MARKDOWN) && (asked ?? usual) === MARKDOWN;
}

function keyOf({ headers }: Incoming, account: SimulatedAccount): string | null {
  const key = headers['idempotency-key'];
  return key === undefined || key === '' ? null : `${account.id} ${key}`;
}

/**
 * What a key stands for, as far as this server looks. `race`: as before the fix of mastodon/mastodon#37879, a key counts only
 * when the request that brought it has long been done.
 */
function knownKey(deps: MastodonDeps, request: Incoming, account: SimulatedAccount, nowMs: number) {
  const { mastodon } = deps.world.behaviour;
  const { idempotency, keyLifeSeconds, raceSeconds } = mastodon;
  const isIgnored = idempotency === 'ignored' || kindOf(mastodon).ignoresKeys;
  const key = keyOf(request, account);
  const known = key === null || isIgnored ? undefined : deps.keys.get(key);
  if (!known) return undefined;
  const ageMs = nowMs - known.atMs;
  if (ageMs >= keyLifeSeconds * 1_000) return undefined;
  return idempotency === 'race' && ageMs < raceSeconds * 1_000 ? undefined : known;
}

/** The same answer again; or, as in mastodon/mastodon#40399, a failure though the post is there. */
function again(
  deps: MastodonDeps,
  { post }: KeptKey,
  account: SimulatedAccount,
  request: Incoming,
): SimulatedResponse {
  const { mastodon } = deps.world.behaviour;
  if (mastodon.idempotency === 'error500OnRepeat') return says(mastodon, 'failed');
  return json(200, shownStatus(deps, post, account, originOf(request)));
}

function wrongWith(form: Form, { behaviour }: World): string | undefined {
  const { status = '', spoiler_text: warning = '', visibility } = form;
  const { quote_approval_policy: policy } = form;
  if (status.trim() === '') return "Text can't be blank";
  if (visibility !== undefined && !VISIBILITIES.has(visibility)) {
    return 'Visibility is not included in the list';
  }
  if (policy !== undefined && !QUOTE_POLICIES.has(policy)) {
    return 'Quote approval policy is not included in the list';
  }
  return lengthProblem(status, warning, behaviour.mastodon);
}

/**
 * Ids like Mastodon's: milliseconds above 16 bits that begin, for each millisecond, where only the server knows. Unique, and they rise
 * with time. github.com/mastodon/mastodon, lib/mastodon/snowflake.rb
 */
function idsOf() {
  let lastMs = 0;
  let tail = 0;
  return (nowMs: number): string => {
    const ms = Math.max(lastMs, Math.floor(nowMs));
    tail = ms === lastMs ? tail + 1 : randomInt(0x8000);
    lastMs = ms;
    return String((BigInt(ms) << 16n) | BigInt(tail));
  };
}

export const ONE_STATUS = /^\/api\/v1\/statuses\/(\w+)$/;

/** GET /api/v1/statuses/ID, for anybody: docs.joinmastodon.org/methods/statuses/#get. */
export function oneStatusRoute(deps: MastodonDeps): Route<MastodonCaller> {
  return {
    path: 'status',
    identify: () => ({}),
    run(request) {
      const id = ONE_STATUS.exec(request.path)?.[1];
      for (const account of deps.world.accounts.all()) {
        const post = account.posts.find((one) => one.id === id);
        if (post) return json(200, shownStatus(deps, post, account, originOf(request)), '');
      }
      return failure(404, 'Record not found');
    },
  };
}

export const STATUS = /^\/@[^/]+\/(\d+)$/;

/** A post's own page. */
export function statusRoute({ world }: MastodonDeps): Route<MastodonCaller> {
  return {
    path: 'status',
    identify: () => ({}),
    run(request) {
      const id = STATUS.exec(request.path)?.[1];
      const posts = world.accounts.all().flatMap((account) => account.posts);
      return postPage(
        'Mastodon',
        posts.find((post) => post.id === id),
      );
    },
  };
}
