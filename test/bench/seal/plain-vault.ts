import type { InstanceSecrets } from '../../../config/secrets.ts';
import { createVault as createSealingVault, type Vault } from '../../../src/store/vault/vault.ts';

/** Stands in for `src/store/vault/vault.ts` in a program of `bench seal`. */
export function createVault(secrets: InstanceSecrets): Vault {
  return withoutSealing(createSealingVault(secrets));
}

/** A vault that writes and reads what it is given as plain JSON. What finds a row again, such as the hash of an account, stays. */
export function withoutSealing(vault: Vault): Vault {
  return {
    ...vault,
    seal: async (_db, _place, value) => asJson(value),
    open: async (_db, _place, sealed) => JSON.parse(sealed.toString('utf8')),
    // As long as the real one.
    postKeys: async () => (deliveryId) => deliveryId.replaceAll('-', ''),
  };
}

function asJson(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
