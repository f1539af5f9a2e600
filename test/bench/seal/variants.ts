import type { Vault } from '../../../src/store/vault/vault.ts';
import { variantPath } from '../../support/program.ts';
import { withoutSealing } from './plain-vault.ts';

/** The product as it is or with a part of it replaced, bundled in the same way. */
export interface Variant {
  /** Its program, given the source of that. */
  program(source: string): Promise<string>;
  /** The vault with which the bench writes into its records as it does. */
  vaultOf(vault: Vault): Vault;
}

export const SEALED: Variant = {
  program: (source) => variantPath(source, null),
  vaultOf: (vault) => vault,
};

const PLAIN_VAULT = { module: 'src/store/vault/vault.ts', by: 'test/bench/seal/plain-vault.ts' };

/** Keeps what people leave as plain JSON. */
export const PLAIN: Variant = {
  program: (source) => variantPath(source, PLAIN_VAULT),
  vaultOf: withoutSealing,
};
