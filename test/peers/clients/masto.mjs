// A person's program: posts to a Mastodon server with the library "masto", and tells as JSON what it heard.
import { createOAuthAPIClient, createRestAPIClient } from 'masto';

const { url, text, redirect } = JSON.parse(process.argv[2]);
const open = createRestAPIClient({ url });
const instance = await open.v2.instance.fetch();
const app = await open.v1.apps.create({
  clientName: 'masto',
  redirectUris: redirect,
  scopes: 'read write',
});
const page = new URL('/oauth/authorize', url);
for (const [name, value] of Object.entries({
  response_type: 'code',
  client_id: app.clientId,
  redirect_uri: redirect,
  scope: 'read write',
})) {
  page.searchParams.set(name, value);
}
const form = new URLSearchParams(page.search);
form.set('account', 'masto');
form.set('decision', 'allow');
const shown = await fetch(page.origin + page.pathname, {
  method: 'POST',
  body: form,
  redirect: 'manual',
});
const code = new URL(shown.headers.get('location')).searchParams.get('code');
const token = await createOAuthAPIClient({ url }).token.create({
  grantType: 'authorization_code',
  clientId: app.clientId,
  clientSecret: app.clientSecret,
  redirectUri: redirect,
  code,
});
const mine = createRestAPIClient({ url, accessToken: token.accessToken });
const me = await mine.v1.accounts.verifyCredentials();
const post = await mine.v1.statuses.create({ status: text, visibility: 'public' });
const listed = await mine.v1.accounts.$select(me.id).statuses.list({ limit: 5 });
console.log(
  JSON.stringify({
    domain: instance.domain,
    most: instance.configuration.statuses.maxCharacters,
    account: me.acct,
    id: post.id,
    listed: listed.map(({ id }) => id),
  }),
);
