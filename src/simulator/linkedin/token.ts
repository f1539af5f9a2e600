import type { Incoming, Route, SimulatedApp, SimulatedResponse } from '../platform.ts';
import { json, oauthError } from './answers.ts';
import type { Grants, LinkedinCaller } from './grants.ts';

interface Parts {
  grants: Grants;
  apps: Map<string, SimulatedApp>;
}

type Form = Record<string, string | undefined>;

const formOf = ({ body }: Incoming): Form => Object.fromEntries(new URLSearchParams(body));

/** POST /oauth/v2/accessToken: learn.microsoft.com, Authorization Code Flow, step 3. */
export function tokenRoute({ grants, apps }: Parts): Route<LinkedinCaller> {
  return {
    path: 'token',
    identify: (request) => ({ account: grants.owner(formOf(request).code ?? '') }),
    run(request) {
      const form = formOf(request);
      const wrong = wrongClient(apps, form);
      if (wrong) return wrong;
      if (form.grant_type !== 'authorization_code') {
        return oauthError(400, 'unsupported_grant_type', 'Only authorization_code is supported');
      }
      const given = { clientId: form.client_id ?? '', redirectUri: form.redirect_uri ?? '' };
      const made = grants.redeem(form.code ?? '', given, request.atUs / 1_000);
      if (!made) {
        const why =
          'Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code. Or authorization code expired.';
        return oauthError(400, 'invalid_request', why);
      }
      return json(200, {
        access_token: made.token,
        expires_in: made.lifeSeconds,
        scope: made.scopes.join(','),
        token_type: 'Bearer',
      });
    },
  };
}

/** POST /oauth/v2/revoke. Not in LinkedIn's documentation; many programs use it. */
export function revokeRoute({ grants, apps }: Parts): Route<LinkedinCaller> {
  return {
    path: 'revoke',
    identify: (request) => ({ account: grants.owner(formOf(request).token ?? '') }),
    run(request) {
      const form = formOf(request);
      const wrong = wrongClient(apps, form);
      if (wrong) return wrong;
      if (!grants.revoke(form.token ?? '', form.client_id ?? '')) {
        return oauthError(400, 'invalid_request', 'The token is not valid');
      }
      return { status: 200, headers: '', body: '' };
    },
  };
}

/** The keys come in the form. An app that was never registered may come with any secret. */
function wrongClient(apps: Map<string, SimulatedApp>, form: Form): SimulatedResponse | undefined {
  const wanted = apps.get(form.client_id ?? '')?.clientSecret;
  const isRight =
    form.client_id && form.client_secret && (!wanted || wanted === form.client_secret);
  return isRight ? undefined : oauthError(401, 'invalid_client', 'Client authentication failed');
}
