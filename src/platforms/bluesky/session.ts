import type { Grant } from '../platform.ts';
import { isDid } from './handle.ts';

/** What a grant is bound to: kept in `Grant.extra`, in these words. */
export interface Session {
  /** Who has given it. */
  did: string;
  /** Origin of the server that has the account. */
  pds: string;
  /** Who has issued it. */
  issuer: string;
  /** Our name when it was given. */
  client: string;
  /** The key that its requests are signed with: a JWK in JSON. */
  key: string;
}

/** Null when a grant is none of ours, or its token could not stand in a header. */
export function openSession({ extra, accessToken }: Grant): Session | null {
  const { did, pds, issuer, client, key } = extra ?? {};
  if (!did || !isDid(did) || !pds || !issuer || !client || !key) return null;
  if (!/^[\x21-\x7e]+$/.test(accessToken) || !URL.canParse(pds)) return null;
  return { did, pds, issuer, client, key };
}
