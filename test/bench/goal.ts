import { most, round } from './measure.ts';

/** A number to reach beside the number measured. `reached` is null where this run did not measure it. */
export interface Goal {
  figure: string;
  goal: string;
  measured: number | null;
  unit: string;
  reached: boolean | null;
}

/** "By no more than a tenth." */
const TENTH = 0.1;

export function perSecond(figure: string, least: number, measured: number | undefined): Goal {
  const goal = `at least ${least}/s`;
  if (measured === undefined) return { figure, goal, unit: '/s', ...UNMEASURED };
  return { figure, goal, unit: '/s', ...atLeast(least, measured) };
}

/** Says how fast this machine is; nothing is held to it. */
export function share(figure: string, whole: number | undefined, part: number | undefined): Goal {
  const measured = whole && part ? Math.round((part / whole) * 100) / 100 : null;
  return { figure, goal: '-', measured, unit: 'x', reached: null };
}

type Pair = readonly [before: number | undefined, after: number | undefined];

export function unchanged(
  figure: string,
  pledges: number | null | undefined,
  { rate, p99 }: { rate: Pair; p99: Pair },
): Goal[] {
  const of = (what: string) => `${figure}, ${what} with ${pledges} pledges over with none`;
  const ratio = ([before, after]: Pair) =>
    before && after ? Math.round((after / before) * 100) / 100 : undefined;
  const [rates, late] = [ratio(rate), ratio(p99)];
  return [
    {
      ...{ figure: of('a second'), goal: `at least ${1 - TENTH} x`, unit: 'x' },
      ...(rates === undefined ? UNMEASURED : atLeast(1 - TENTH, rates)),
    },
    {
      ...{ figure: of('p99'), goal: `at most ${1 + TENTH} x`, unit: 'x' },
      ...(late === undefined ? UNMEASURED : { measured: late, reached: late <= 1 + TENTH }),
    },
  ];
}

export const UNMEASURED = { measured: null, reached: null } as const;

/** What was not measured is neither reached nor missed; what was tried and has no figure is missed. */
export function below(
  figure: string,
  limit: number,
  measured: number | undefined,
  unit: string,
): Goal {
  const goal = limit === 0 ? '0' : `under ${limit} ${unit}`;
  if (measured === undefined) return { figure, goal, unit, ...UNMEASURED };
  const reached = limit === 0 ? measured === 0 : measured < limit;
  return { figure, goal, unit, measured: Number.isNaN(measured) ? null : round(measured), reached };
}

export function atLeast(limit: number, measured: number) {
  return { measured, reached: measured >= limit };
}

export function worstOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : most(values);
}
