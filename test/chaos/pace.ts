import { setTimeout as sleep } from 'node:timers/promises';

/** A wave's kills begin so long before its moment, when its shards are being armed. */
const KILLS_AHEAD_MS = 1_200;
/** A wave is prepared while so many waves' kills are still to come. */
const AHEAD = 2;
const LOOK_MS = 50;

/** Keeps posts, kills and events in step: all are cut into waves, and none runs ahead of the others. */
export interface Pace {
  /** Kills done so far; whoever kills counts here. */
  kills: number;
  /** The same for what else happens. */
  events: number;
  /** True while the waves that have begun have kills left. */
  mayKill(): boolean;
  /** The moment nearest to now, epoch ms; null before the first. */
  nearestMoment(): number | null;
  /** From 0 to 1. */
  progress(): number;
  /** Prepares one wave after the other; `prepare` settles with the wave's moment, epoch ms. */
  run(prepare: (wave: number, size: number) => Promise<number>): Promise<void>;
}

interface PaceInput {
  posts: number;
  kills: number;
  events: number;
  signal: AbortSignal;
}

export function createPace(input: PaceInput): Pace {
  const sizes = cut(input.posts, input.kills + input.events);
  const moments: number[] = [];
  const share = (waves: number, of = input.kills): number => (of * waves) / sizes.length;
  const begun = (): number =>
    moments.filter((moment) => moment - KILLS_AHEAD_MS <= Date.now()).length;
  const pace: Pace = {
    kills: 0,
    events: 0,
    mayKill: () => pace.kills < Math.ceil(share(begun())),
    nearestMoment: () => {
      const far = (moment: number): number => Math.abs(moment - Date.now());
      return moments.reduce<number | null>(
        (best, moment) => (best === null || far(moment) < far(best) ? moment : best),
        null,
      );
    },
    progress: () => (input.kills > 0 ? pace.kills / input.kills : begun() / sizes.length),
    run: async (prepare) => {
      for (const [wave, size] of sizes.entries()) {
        const before = wave - AHEAD;
        while (pace.kills < share(before) || pace.events < Math.floor(share(before, input.events)))
          await sleep(LOOK_MS, null, { signal: input.signal });
        moments.push(await prepare(wave, size));
      }
    },
  };
  return pace;
}

/** About ten kills and events a wave, at least three waves, as equal as can be. */
function cut(posts: number, happenings: number): number[] {
  const waves = Math.min(posts, Math.max(3, Math.min(Math.ceil(happenings / 10), posts / 100)));
  const count = Math.floor(waves);
  return Array.from(
    { length: count },
    (_, i) => Math.floor((posts * (i + 1)) / count) - Math.floor((posts * i) / count),
  );
}
