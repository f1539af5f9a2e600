import type { Account, Post } from '../accounts.ts';
import type { Consent } from './grants.ts';

interface ConsentView {
  name: string;
  consent: Consent;
  given: URLSearchParams;
  /** Handles to choose from. */
  accounts: string[];
  chosen: Account | undefined;
  hint: string;
}

const SCOPES: Record<string, string> = {
  'tweet.read': 'See the posts that you can see',
  'tweet.write': 'Post for you',
  'users.read': 'See your profile',
  'offline.access': 'Stay connected until you revoke it',
  'media.write': 'Upload media for you',
};

const STYLE = `
:root { color-scheme: light dark; --line: #8886; --accent: #0f6cbd; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
.ribbon { background: repeating-linear-gradient(135deg, #fc0 0 16px, #222 16px 32px); height: 8px; }
.notice { margin: 0; padding: .5rem 1rem; background: #fff3c4; color: #3d2f00; text-align: center; }
main { max-width: 26rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; line-height: 1.25; overflow-wrap: anywhere; }
ul { padding-left: 1.2rem; }
label { display: block; font-weight: 600; }
input { width: 100%; font: inherit; padding: .6rem .75rem; margin: .25rem 0 1rem;
  border: 1px solid var(--line); border-radius: .5rem; }
button { width: 100%; font: inherit; font-weight: 600; padding: .75rem; margin-top: .5rem;
  border: 1px solid var(--line); border-radius: 2rem; background: transparent; color: inherit; }
button.allow { background: var(--accent); border-color: var(--accent); color: #fff; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
p.post { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 1.15rem; }
small { display: block; margin-top: 1.5rem; overflow-wrap: anywhere; }
`;

/** The page on which a person lets the app post, or not. Nothing on it is loaded from anywhere. */
export function consentPage(view: ConsentView): string {
  const scopes = view.consent.scope
    .split(' ')
    .map((scope) => `<li>${escapeHtml(SCOPES[scope] ?? scope)}</li>`)
    .join('');
  return page(
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
  return page(
    'Something went wrong',
    `<h1>Something went wrong</h1>
<p>The app could not be given access. Go back and try again.</p>
<p><code>${escapeHtml(reason)}</code></p>`,
  );
}

/** A post as anybody sees it, or that there is none. */
export function postPage(post: Post | undefined): string {
  if (!post) return page('No such post', '<h1>There is no such post</h1>');
  const at = new Date(post.at_us / 1_000).toISOString();
  return page(
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

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} (simulator)</title>
<style>${STYLE}</style>
</head>
<body>
<div class="ribbon"></div>
<p class="notice" role="note"><b>Simulator.</b> This is not X. Nothing is published anywhere.</p>
<main>
${body}
</main>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
