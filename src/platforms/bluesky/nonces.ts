/** The newest DPoP nonce of each server (RFC 9449, 8.2); every answer may bring another. */
export interface Nonces {
  of(origin: string): string | undefined;
  /** Takes what an answer's `dpop-nonce` header says, if it says anything. */
  learn(origin: string, nonce: string | undefined): void;
}

const MAX_ORIGINS = 2_000;
const MAX_NONCE_LENGTH = 1_024;

export function createNonces(): Nonces {
  const newest = new Map<string, string>();
  return {
    of: (origin) => newest.get(origin),
    learn: (origin, nonce) => {
      if (!nonce || nonce.length > MAX_NONCE_LENGTH) return;
      if (newest.size >= MAX_ORIGINS && !newest.has(origin)) {
        newest.delete(newest.keys().next().value as string);
      }
      newest.set(origin, nonce);
    },
  };
}
