import type { Context } from '../../src/context.ts';
import type { Platform } from '../../src/platforms/platform.ts';

/** A platform that asks for a server and whose rules have to be accepted; everything else it does as X does. */
export type Reef = { -readonly [K in keyof Platform]: Platform[K] };

/** What was read of its rules, and when. */
export const REEF_AS_OF = '2026-05-04';

/** Connects it to an instance, after X, for as long as that lives. What it is can be changed at any time. */
export function connectReef(ctx: Context, change: Partial<Platform> = {}): Reef {
  const x = ctx.platforms.get('x');
  if (!x) throw new Error('X is not connected');
  const reef: Reef = {
    ...x,
    name: 'reef',
    label: 'Reef',
    requires: 'server',
    textRule: { ...x.textRule, platform: 'reef', label: 'Reef' },
    policy: { says: ['Be kind.'], source: 'https://reef.example/rules', asOf: REEF_AS_OF },
    isSimulated: false,
    dispose: () => undefined,
    ...change,
  };
  (ctx.platforms as Map<string, Platform>).set('reef', reef);
  return reef;
}
