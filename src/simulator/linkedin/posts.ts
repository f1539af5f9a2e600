import type { Post, SimulatedAccount } from '../accounts.ts';
import type { Incoming, Route, SimulatedResponse, World } from '../platform.ts';
import { take, type Windows } from '../x/limits.ts';
import {
  accessDenied,
  badInput,
  duplicateOf,
  failure,
  tooManyRequests,
  unauthorized,
} from './answers.ts';
import type { Grants, LinkedinCaller, LinkedinGrant } from './grants.ts';
import { isTooLong, readLittle } from './little.ts';

interface Parts {
  world: World;
  grants: Grants;
  windows: Windows;
}

/** Each lives for a year at least: learn.microsoft.com/en-us/linkedin/marketing/versioning. */
const OLDEST_VERSION = 202507;

/** POST /rest/posts: learn.microsoft.com, Posts API, for text posts of a member. */
export function postRoute(parts: Parts): Route<LinkedinCaller> {
  let made = 0;
  const nextUrn = (): string => {
    made += 1;
    return `urn:li:share:7${String(made).padStart(18, '0')}`;
  };
  return {
    path: 'posts',
    identify: parts.grants.caller,
    run: (request, { grant }) => (grant ? create(parts, grant, request, nextUrn) : unauthorized()),
  };
}

/** GET /v2/userinfo: OpenID Connect Core 5.3. */
export function userinfoRoute({ grants }: Parts): Route<LinkedinCaller> {
  return {
    path: 'me',
    identify: grants.caller,
    run(_request, { grant }) {
      if (!grant || isBarred(grant.account)) return unauthorized();
      if (!grant.scopes.includes('openid')) return accessDenied();
      const { id, handle } = grant.account;
      const body = JSON.stringify({ sub: id, name: handle, given_name: handle, locale: 'en_US' });
      return { status: 200, headers: 'content-type: application/json\r\n', body };
    },
  };
}

/** A restricted member's token stops working. */
function isBarred({ suspended, locked }: SimulatedAccount): boolean {
  return suspended || locked;
}

function create(
  parts: Parts,
  grant: LinkedinGrant,
  request: Incoming,
  nextUrn: () => string,
): SimulatedResponse {
  const { account } = grant;
  if (isBarred(account)) return unauthorized();
  const wrong = wrongVersion(request.headers['linkedin-version']);
  if (wrong) return wrong;
  if (!grant.scopes.includes('w_member_social')) return accessDenied();
  const nowMs = request.atUs / 1_000;
  const member = parts.windows.current('sharesPerMemberDay', account.id, nowMs);
  const app = parts.windows.current('sharesPerAppDay', grant.clientId, nowMs);
  if (!take(member, app)) {
    return tooManyRequests(app.used >= app.limit ? 'APPLICATION' : 'APPLICATION_AND_MEMBER');
  }
  const text = readText(request.body, account);
  return typeof text === 'string' ? accept(parts, account, text, request.atUs, nextUrn) : text;
}

function wrongVersion(version: string | undefined): SimulatedResponse | undefined {
  if (version === undefined) {
    const message =
      'A version must be present. Please specify a version by adding the LinkedIn-Version header.';
    return failure(400, 'VERSION_MISSING', message);
  }
  const isActive = /^20\d{4}$/.test(version) && Number(version) >= OLDEST_VERSION;
  const message = `Requested version ${version.slice(0, 20)} is not active`;
  return isActive ? undefined : failure(426, 'NONEXISTENT_VERSION', message);
}

/** The commentary, or the refusal. */
function readText(body: string, account: SimulatedAccount): string | SimulatedResponse {
  let fields: Record<string, unknown>;
  try {
    fields = Object(JSON.parse(body)) as Record<string, unknown>;
  } catch {
    return failure(400, 'ILLEGAL_ARGUMENT', 'The body is not JSON');
  }
  const { author, commentary, lifecycleState, visibility, distribution } = fields;
  if (author !== `urn:li:person:${account.id}`) return accessDenied();
  const missing = { lifecycleState, visibility, distribution };
  for (const [name, value] of Object.entries(missing)) {
    if (value === undefined) {
      return badInput(
        'MISSING_FIELD',
        `${name} is required`,
        `ERROR :: /${name} :: field is required`,
      );
    }
  }
  if (typeof commentary !== 'string' || commentary.trim() === '') {
    return badInput('MISSING_FIELD', 'commentary is required', 'ERROR :: /commentary');
  }
  if (isTooLong(commentary)) {
    const message = `Commentary text length (${commentary.length} characters) exceeded the maximum allowed (3000 characters)`;
    return badInput('FIELD_LENGTH_TOO_LONG', 'The text is too long', message);
  }
  return commentary;
}

function accept(
  { world }: Parts,
  account: SimulatedAccount,
  commentary: string,
  atUs: number,
  nextUrn: () => string,
): SimulatedResponse {
  const text = readLittle(commentary);
  const before = account.posts.find((post) => post.text === text);
  if (before && world.behaviour.refuseDuplicates) return duplicateOf(before.id);
  const id = nextUrn();
  const post: Post = { account: account.id, handle: account.handle, id, text, at_us: atUs };
  account.posts.push(post);
  const headers = `x-restli-id: ${id}\r\nx-restli-protocol-version: 2.0.0\r\n`;
  return { status: 201, headers, body: '', post };
}
