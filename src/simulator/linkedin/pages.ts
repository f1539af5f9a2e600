import type { Post, SimulatedAccount } from '../accounts.ts';
import { escapeHtml, simulatedPage } from '../html.ts';

interface ConsentView {
  app: string;
  scopes: readonly string[];
  given: URLSearchParams;
  /** Handles to choose from. */
  accounts: string[];
  chosen: SimulatedAccount | undefined;
}

const SCOPES: Record<string, string> = {
  openid: 'Know who you are',
  profile: 'Use your name and photo',
  email: 'Use the primary e-mail address of your account',
  w_member_social: 'Create, modify and delete posts, comments and reactions on your behalf',
};

/** The page on which a member lets the app post, or not. Nothing on it is loaded from anywhere. */
export function consentPage({ app, scopes, given, accounts, chosen }: ConsentView): string {
  const own = new Set(['account', 'decision']);
  const hidden = [...given].filter(([name]) => !own.has(name));
  const value = chosen?.handle ?? given.get('account') ?? accounts[0] ?? '';
  return simulatedPage(
    'LinkedIn',
    `Sign in to ${app}`,
    `<h1><b>${escapeHtml(app)}</b> would like to:</h1>
<ul>${scopes.map((scope) => `<li>${escapeHtml(SCOPES[scope] ?? scope)}</li>`).join('')}</ul>
<form method="post" action="/oauth/v2/authorization">
${hidden.map(([name, text]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(text)}">`).join('\n')}
<label for="account">Member</label>
<input id="account" name="account" value="${escapeHtml(value)}" list="accounts" required autocomplete="off">
<datalist id="accounts">${accounts.map((handle) => `<option value="${escapeHtml(handle)}">`).join('')}</datalist>
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny" formnovalidate>Cancel</button>
</form>`,
  );
}

/** Said to the person, never to the app, whose address may be the thing that is wrong. */
export function errorPage(reason: string): string {
  return simulatedPage(
    'LinkedIn',
    'Something went wrong',
    `<h1>Bummer, something went wrong.</h1><p><code>${escapeHtml(reason)}</code></p>`,
  );
}

/** A post as anybody sees it, or that there is none. */
export function postPage(post: Post | undefined): string {
  if (!post)
    return simulatedPage('LinkedIn', 'No such post', '<h1>This post cannot be displayed</h1>');
  const at = new Date(post.at_us / 1_000).toISOString();
  return simulatedPage(
    'LinkedIn',
    `Post by ${post.handle}`,
    `<h1>${escapeHtml(post.handle)}</h1><p class="post">${escapeHtml(post.text)}</p><time datetime="${at}">${at}</time>`,
  );
}
