import type { SimulatedRefusal } from '../behaviour.ts';
import type { SimulatedResponse, World } from '../platform.ts';
import { failure, oauthError, page } from './answers.ts';
import { says, tooMany } from './refusals.ts';

/** Mastodon has no credits and no review, so that 402 and a refused app are its plain "not allowed". */
export function forced(
  refusal: SimulatedRefusal,
  { behaviour }: World,
  nowMs: number,
): SimulatedResponse {
  const { mastodon } = behaviour;
  switch (refusal) {
    case 'status200Html':
      return page(200, 'One moment, please');
    case 'status400InvalidGrant':
      return oauthError(400, 'invalid_grant', 'The provided authorization grant is invalid.');
    case 'status401':
      return says(mastodon, 'badToken');
    case 'status402':
    case 'status403Forbidden':
      return says(mastodon, 'notAllowed');
    case 'status403Locked':
    case 'status403Suspended':
      return says(mastodon, 'suspended');
    case 'status403NotPermitted':
      return says(mastodon, 'outsideScopes');
    case 'status429App':
      // What a gateway says of an address: it names no limit.
      return page(429, '429 Too Many Requests');
    case 'status429User': {
      const { limit } = behaviour.limits.mastodonPostsPerUser;
      const endsMs = nowMs + behaviour.forcedResetSeconds * 1_000;
      return tooMany(mastodon, { limit, used: limit, endsMs });
    }
    case 'status500':
      return says(mastodon, 'failed');
    case 'status502':
      return mastodon.gatewayStatus === 504
        ? page(504, '504 Gateway Time-out')
        : page(502, '502 Bad Gateway');
    case 'status503':
      return failure(503, 'There was a temporary problem serving your request, please try again');
  }
}
