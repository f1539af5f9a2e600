import type { Post } from '../accounts.ts';
import { escapeHtml, simulatedPage } from '../html.ts';

interface ConsentView {
  name: string;
  scope: string;
  redirectUri: string;
  /** What goes back with the decision. */
  hidden: Readonly<Record<string, string>>;
  account: string;
}

/** The page on which a person lets the app post, or not. Nothing on it is loaded from anywhere. */
export function consentPage({ name, scope, redirectUri, hidden, account }: ConsentView): string {
  const fields = Object.entries(hidden).map(
    ([key, value]) =>
      `<input type="hidden" name="${escapeHtml(key)}" value="${escapeHtml(value)}">`,
  );
  return simulatedPage(
    'Bluesky',
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
  return simulatedPage(
    'Bluesky',
    'Something went wrong',
    `<h1>Something went wrong</h1>
<p><code>${escapeHtml(reason)}</code></p>`,
  );
}

/** A post as anybody sees it, or that there is none. */
export function postPage(post: Post | undefined): string {
  if (!post) return simulatedPage('Bluesky', 'No such post', '<h1>There is no such post</h1>');
  return simulatedPage(
    'Bluesky',
    `Post by ${post.handle}`,
    `<h1>@${escapeHtml(post.handle)}</h1>
<p class="post">${escapeHtml(post.text)}</p>`,
  );
}
