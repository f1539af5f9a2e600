import type { Context } from '../../../src/context.ts';
import { variantPath } from '../../support/program.ts';
import { withoutSealing } from './plain-vault.ts';

/** The product as it is or with a part of it replaced, bundled in the same way. */
export interface Variant {
  /** Its program, given the source of that. */
  program(source: string): Promise<string>;
  /** A context of the bench's own that writes into its records as it does. */
  adapt(ctx: Context): Context;
}

export const SEALED: Variant = {
  program: (source) => variantPath(source, null),
  adapt: (ctx) => ctx,
};

const PLAIN_VAULT = { module: 'src/store/vault.ts', by: 'test/bench/seal/plain-vault.ts' };

/** Keeps what people leave as plain JSON. */
export const PLAIN: Variant = {
  program: (source) => variantPath(source, PLAIN_VAULT),
  adapt: (ctx) => {
    ctx.vault = withoutSealing(ctx.vault);
    return ctx;
  },
};
