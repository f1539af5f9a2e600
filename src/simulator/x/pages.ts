import type { Post, SimulatedAccount } from '../accounts.ts';
import { escapeHtml, simulatedPage } from '../html.ts';
import type { Consent } from './grants.ts';

interface ConsentView {
  name: string;
  consent: Consent;
  given: URLSearchParams;
  /** Handles to choose from. */
  accounts: string[];
  chosen: SimulatedAccount | undefined;
  hint: string;
}

const SCOPES: Record<string, string> = {
  'tweet.read': 'See the posts that you can see',
  'tweet.write': 'Post for you',
  'users.read': 'See your profile',
  'offline.access': 'Stay connected until you revoke it',
  'media.write': 'Upload media for you',
};

/** The page on which a person lets the app post, or not. Nothing on it is loaded from anywhere. */
export function consentPage(view: ConsentView): string {
  const scopes = view.consent.scope
    .split(' ')
    .map((scope) => `<li>${escapeHtml(SCOPES[scope] ?? scope)}</li>`)
    .join('');
  return simulatedPage(
    'X',
    `Authorize ${view.name}`,
    `<h1><b>${escapeHtml(view.name)}</b> wants to access your account</h1>
<p>It will be able to:</p>
<ul>${scopes}</ul>
<form method="post" action="/i/oauth2/authorize">
${hiddenFields(view.given)}
${accountField(view)}
<button class="allow" name="decision" value="allow">Authorize app</button>
<button name="decision" value="deny" formnovalidate>Cancel</button>
</form>
<small>You will be sent back to ${escapeHtml(view.consent.redirectUri)}</small>`,
  );
}

/** Said to the person, never to the app, whose address may be the thing that is wrong. */
export function errorPage(reason: string): string {
  return simulatedPage(
    'X',
    'Something went wrong',
    `<h1>Something went wrong</h1>
<p>The app could not be given access. Go back and try again.</p>
<p><code>${escapeHtml(reason)}</code></p>`,
  );
}

/** A post as anybody sees it, or that there is none. */
export function postPage(post: Post | undefined): string {
  if (!post) return simulatedPage('X', 'No such post', '<h1>There is no such post</h1>');
  const at = new Date(post.at_us / 1_000).toISOString();
  return simulatedPage(
    'X',
    `Post by ${post.handle}`,
    `<h1>@${escapeHtml(post.handle)}</h1>
<p class="post">${escapeHtml(post.text)}</p>
<p><time datetime="${at}">${at}</time></p>`,
  );
}

function accountField({ accounts, chosen, hint }: ConsentView): string {
  const value = chosen?.handle ?? (hint || accounts[0] || '');
  const options = accounts.map((handle) => `<option value="${escapeHtml(handle)}">`).join('');
  return `<label for="account">Account</label>
<input id="account" name="account" value="${escapeHtml(value)}" list="accounts" required
 autocomplete="off" autocapitalize="none" spellcheck="false" pattern="@?[A-Za-z0-9_]{1,15}|[0-9]+">
<datalist id="accounts">${options}</datalist>`;
}

function hiddenFields(given: URLSearchParams): string {
  const own = new Set(['account', 'login_hint', 'decision']);
  return [...given]
    .filter(([name]) => !own.has(name))
    .map(
      ([name, value]) =>
        `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
    )
    .join('\n');
}
