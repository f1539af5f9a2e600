import type { Finding } from './health.ts';

/** `refused`: it does not take the app. `silent`: it gave no answer. `challenged`: a shield before it kept us out. */
export const TROUBLE_KINDS = ['refused', 'silent', 'challenged'] as const;
export type TroubleKind = (typeof TROUBLE_KINDS)[number];

/** A platform with which preflight had the same trouble again and again. `detail`: in the platform's own code words. */
export interface PlatformTrouble {
  platform: string;
  detail: string;
  checkedAt: Date;
}

/** Trouble that preflight met with every account of a platform is not the accounts' own. */
export function judgePlatforms(troubles: readonly PlatformTrouble[]): Finding[] {
  const [first] = troubles.toSorted((a, b) => a.checkedAt.getTime() - b.checkedAt.getTime());
  if (!first) return [];
  return [
    {
      check: 'platforms',
      level: 'warning',
      what: 'preflight meets the same trouble with everybody of a network, so that its posts may fail at the moment',
      since: first.checkedAt,
      mend: 'The network’s page under docs/platforms says what its words mean: mend the app, the relays or the way there; preflight looks again within a minute or two.',
      about: troubles.map(({ platform, detail }) => `${platform}: ${detail}`),
    },
  ];
}
