import { createHmac } from 'node:crypto';
import type { FacebookConfig } from '../../../config/platforms.ts';

/**
 * The token, and the proof that it is used by an app that knows its secret: developers.facebook.com/docs/graph-api/guides/
 * secure-requests. An app can be set to refuse a token that comes without.
 */
export function credentials(config: FacebookConfig, accessToken: string): Record<string, string> {
  const secret = config.clientSecret?.reveal();
  if (secret === undefined) return { access_token: accessToken };
  const proof = createHmac('sha256', secret).update(accessToken).digest('hex');
  return { access_token: accessToken, appsecret_proof: proof };
}

/** The app's own, with which it asks about a token. */
export function appCredentials(config: FacebookConfig): Record<string, string> {
  return credentials(config, `${config.clientId}|${config.clientSecret?.reveal() ?? ''}`);
}
