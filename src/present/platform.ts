import { Type } from 'typebox';
import type { PlatformStanding } from '../actions/platform/list-platforms.ts';
import { Instant } from './instant.ts';

/** A platform and how it stands in this instance, in JSON. */
export const PlatformJson = Type.Object(
  {
    name: Type.String(),
    label: Type.String({ description: 'As people call it' }),
    connected: Type.Boolean({ description: 'It has what it needs, such as the keys of an app' }),
    simulated: Type.Boolean({ description: 'A stand-in: there are no rules to accept' }),
    offered: Type.Boolean({ description: 'Supporters can join with it' }),
    rules: Type.Union([
      Type.Null(),
      Type.Object({
        says: Type.Array(Type.String(), { description: 'Of posts like ours, in plain sentences' }),
        source: Type.String(),
        as_of: Type.String({ description: 'ISO date on which it was read' }),
      }),
    ]),
    accepted: Type.Union([
      Type.Null(),
      Type.Object({
        by: Type.String(),
        at: Instant(),
        as_of: Type.String(),
        lapsed: Type.Boolean({ description: 'The rules have been read anew since' }),
      }),
    ]),
  },
  { title: 'Platform' },
);

export function platformJson(standing: PlatformStanding) {
  const { name, label, connected, simulated, offered, policy, acceptance, lapsed } = standing;
  return {
    ...{ name, label, connected, simulated, offered },
    rules: policy && { says: [...policy.says], source: policy.source, as_of: policy.asOf },
    accepted: acceptance && {
      by: acceptance.actor,
      at: acceptance.at.toISOString(),
      as_of: acceptance.asOf,
      lapsed,
    },
  };
}
