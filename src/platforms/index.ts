import type { Config } from '../../config/config.ts';
import type { Crash } from '../crash.ts';
import type { TextRule } from '../domain/text-rule.ts';
import type { Platform } from './platform.ts';
import { xTextRule } from './x/text-rule.ts';
import { createX } from './x/x.ts';

/** The platforms of this instance by name, in the order in which they are offered. */
export type Platforms = ReadonlyMap<string, Platform>;

/** The registry: the only list of platforms. One without the keys of an app is not offered. */
export function createPlatforms(config: Config, crash: Crash): Platforms {
  const connected: Platform[] = [];
  if (config.platforms.x.clientId !== '') connected.push(createX(config.platforms.x, crash));
  return new Map(connected.map((platform) => [platform.name, platform]));
}

/** The length rules of every platform there is, connected or not: a campaign must fit all of them. */
export const TEXT_RULES: readonly TextRule[] = [xTextRule];
