import fc from 'fast-check';
import type { StopScope } from '../../src/domain/hold.ts';

export const SCOPES = ['campaign', 'platform', 'instance'] as const satisfies readonly StopScope[];
const HOLDER_ACTS = ['arm', 'disarm', 'release', 'refuse', 'put off', 'unmark'] as const;
const ANSWERS = ['truth', 'truth', 'truth', 'undecided', 'unreadable'] as const;

/** What somebody sees who looks for a post. */
export type Answer = (typeof ANSWERS)[number];

/** One thing that somebody does, or that time does. Holders stay what they are for ever, so that stale ones act again and again. */
export type Step =
  | { act: 'lease'; shard: number; arm: boolean }
  | { act: (typeof HOLDER_ACTS)[number]; holder: number }
  /** `heard`: whether the worker learns that its marks are committed. */
  | { act: 'mark'; holder: number; heard: boolean }
  /** A post that was marked reaches the network. */
  | { act: 'arrive'; ticket: number }
  | { act: 'settle'; ticket: number; to: number }
  /** An outcome that is on disk is written once more, by a worker that did not hear so. */
  | { act: 'settle again'; nth: number }
  | { act: 'look'; answer: Answer }
  | { act: 'note look'; nth: number }
  | { act: 'gather' | 'drop late' | 'abort' }
  | { act: 'withdraw'; pledge: number }
  | { act: 'hold' | 'resume'; scope: StopScope }
  | { act: 'throttle'; ms: number }
  | { act: 'pass'; ms: number };

const nth = fc.nat(9);
const named = <const A extends string>(...acts: A[]) => fc.constantFrom(...acts);

export const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ act: named('lease'), shard: nth, arm: fc.boolean() }),
  },
  { weight: 6, arbitrary: fc.record({ act: named(...HOLDER_ACTS), holder: nth }) },
  {
    weight: 10,
    arbitrary: fc.record({ act: named('mark'), holder: fc.nat(2), heard: fc.boolean() }),
  },
  { weight: 8, arbitrary: fc.record({ act: named('arrive'), ticket: nth }) },
  { weight: 8, arbitrary: fc.record({ act: named('settle'), ticket: nth, to: nth }) },
  { weight: 2, arbitrary: fc.record({ act: named('settle again'), nth }) },
  { weight: 5, arbitrary: fc.record({ act: named('look'), answer: fc.constantFrom(...ANSWERS) }) },
  { weight: 5, arbitrary: fc.record({ act: named('note look'), nth }) },
  { weight: 5, arbitrary: fc.record({ act: named('gather') }) },
  { weight: 1, arbitrary: fc.record({ act: named('drop late') }) },
  { weight: 1, arbitrary: fc.record({ act: named('abort') }) },
  { weight: 1, arbitrary: fc.record({ act: named('withdraw'), pledge: nth }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: named('hold', 'resume'), scope: fc.constantFrom(...SCOPES) }),
  },
  { weight: 1, arbitrary: fc.record({ act: named('throttle'), ms: fc.constantFrom(500, 4_000) }) },
  { weight: 8, arbitrary: fc.record({ act: named('pass'), ms: fc.constantFrom(900, 5_000) }) },
);
