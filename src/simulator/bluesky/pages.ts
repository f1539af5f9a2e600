import type { Post } from '../accounts.ts';

interface ConsentView {
  name: string;
  scope: string;
  redirectUri: string;
  /** What goes back with the decision. */
  hidden: Readonly<Record<string, string>>;
  account: string;
}

const STYLE = `
:root { color-scheme: light dark; --line: #8886; --accent: #0f6cbd; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
.ribbon { background: repeating-linear-gradient(135deg, #fc0 0 16px, #222 16px 32px); height: 8px; }
.notice { margin: 0; padding: .5rem 1rem; background: #fff3c4; color: #3d2f00; text-align: center; }
main { max-width: 26rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; line-height: 1.25; overflow-wrap: anywhere; }
label { display: block; font-weight: 600; }
input, button { width: 100%; font: inherit; padding: .7rem; margin: .25rem 0 .75rem; border: 1px solid var(--line); border-radius: .5rem; }
button.allow { background: var(--accent); border-color: var(--accent); color: #fff; }
p.post { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 1.15rem; }
small { display: block; margin-top: 1.5rem; overflow-wrap: anywhere; }
`;

/** The page on which a person lets the app post, or not. Nothing on it is loaded from anywhere. */
export function consentPage({ name, scope, redirectUri, hidden, account }: ConsentView): string {
  const fields = Object.entries(hidden).map(
    ([key, value]) =>
      `<input type="hidden" name="${escapeHtml(key)}" value="${escapeHtml(value)}">`,
  );
  return layout(
    `Authorize ${name}`,
    `<h1><b>${escapeHtml(name)}</b> wants to access your account</h1>
<p><code>${escapeHtml(scope)}</code></p>
<form method="post" action="/oauth/authorize">
${fields.join('\n')}
<label for="account">Account</label>
<input id="account" name="account" value="${escapeHtml(account)}" required autocomplete="off" autocapitalize="none" spellcheck="false">
<button class="allow" name="decision" value="allow">Authorize</button>
<button name="decision" value="deny" formnovalidate>Deny</button>
</form>
<small>You will be sent back to ${escapeHtml(redirectUri)}</small>`,
  );
}

/** Said to the person, never to the app. */
export function errorPage(reason: string): string {
  return layout(
    'Something went wrong',
    `<h1>Something went wrong</h1>
<p><code>${escapeHtml(reason)}</code></p>`,
  );
}

/** A post as anybody sees it, or that there is none. */
export function postPage(post: Post | undefined): string {
  if (!post) return layout('No such post', '<h1>There is no such post</h1>');
  return layout(
    `Post by ${post.handle}`,
    `<h1>@${escapeHtml(post.handle)}</h1>
<p class="post">${escapeHtml(post.text)}</p>`,
  );
}

function layout(title: string, body: string): string {
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
<p class="notice" role="note"><b>Simulator.</b> This is not Bluesky. Nothing is published anywhere.</p>
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
