import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { DELIVERY_ARROWS } from '../../src/domain/delivery.ts';
import type { Db } from '../../src/store/connection/database.ts';
import { createDeliveries } from '../../src/store/shard.ts';
import { needs } from '../support/database.ts';
import { insertCampaignRow, insertPledges, observeStates, openRecords } from '../support/rows.ts';
import { Play } from './play.ts';
import { type Step, steps } from './play-steps.ts';

/** How many histories one run plays; more where somebody has the time. */
const HISTORIES = Number(process.env.HISTORIES ?? 50);
/** Of one, at the very most. */
const HISTORY_MS = 1_500;

const take: Step = { act: 'lease', shard: 0, arm: true };
const lease: Step = { act: 'lease', shard: 0, arm: false };
const mark: Step = { act: 'mark', holder: 0, heard: true };
const arrive: Step = { act: 'arrive', ticket: 0 };
const gather: Step = { act: 'gather' };
const look: Step = { act: 'look', answer: 'truth' };
const note: Step = { act: 'note look', nth: 0 };
const disarm: Step = { act: 'disarm', holder: 0 };
const release: Step = { act: 'release', holder: 0 };
const later: Step = { act: 'pass', ms: 5_000 };
/** What an unsent post may come to, in the order of the arrows: refused, waiting, armed, unconfirmed. */
const unsent = (to: number): Step => ({ act: 'settle', ticket: 0, to });
const [refused, waiting, armed, unknown] = [0, 1, 2, 3].map(unsent) as [Step, Step, Step, Step];
/** The same for one that has arrived: posted, or an answer that nobody understood. */
const [posted, garbled] = [unsent(0), unsent(1)];

/** The play is worth its name only if it goes the ways there are: these do, and chance does the rest. */
const WALKS: [Step[]][] = [
  [[take, mark, arrive, posted, unknown, later, look, note, gather, take, mark, refused]],
  [[take, mark, arrive, take, later, look, note]],
  [[take, disarm, take, mark, { act: 'unmark', holder: 0 }, { act: 'refuse', holder: 0 }]],
  [[take, mark, waiting, armed, later, gather, take, mark, arrive, garbled, later, look, note]],
  [[take, { act: 'throttle', ms: 4_000 }, disarm, release, later, gather, take]],
  // Gathered into a shard whose first holder fails before it has armed anything.
  [[take, mark, waiting, waiting, later, gather, lease, disarm, release]],
  // Stopped for good while the worker that sends has died.
  [[take, mark, arrive, { act: 'abort' }]],
  // One who looked writes it down only when the next attempt is in doubt, too.
  [
    [
      ...[take, mark, unknown, later, look, { act: 'pass', ms: 900 } as const, look],
      ...[{ act: 'note look', nth: 1 } as const, gather, take, mark, arrive, garbled, note],
      ...[gather, take, mark, arrive],
    ],
  ],
];
const WALKED = [
  'pending -> armed',
  'armed -> sending',
  'armed -> pending',
  'armed -> waiting',
  'armed -> refused',
  'waiting -> armed',
  'sending -> armed',
  'sending -> waiting',
  'sending -> refused',
  'sending -> posted',
  'sending -> unconfirmed',
  'unconfirmed -> posted',
  'unconfirmed -> armed',
];

needs('postgres')('deliveries, whoever does what in whatever order', () => {
  let db: Db;
  beforeAll(async () => {
    db = (await openRecords()).db;
  });
  beforeEach(() => sql`delete from hold`.execute(db));

  async function begin(): Promise<Play> {
    await sql`delete from hold`.execute(db);
    const campaignId = await insertCampaignRow(db, { state: 'firing', tooLateMs: 36_000_000 });
    const pledges = await insertPledges(db, campaignId, 4);
    await createDeliveries(db, { campaignId, size: 2 }, new Date());
    return new Play(db, campaignId, pledges);
  }

  it(
    'post once at most, change only along the arrows, and come to an end',
    async () => {
      const observed = await observeStates(db);
      const histories = fc.array(steps, { minLength: 20, maxLength: 60 });
      await fc.assert(
        fc.asyncProperty(histories, fc.boolean(), async (script, inTime) => {
          const play = await begin();
          for (const step of script) await play.take(step);
          if (inTime) await play.recover();
          else await play.runOut();
          await play.expectOver();
          for (const { from, to } of await observed()) {
            expect(DELIVERY_ARROWS[from], `${from} -> ${to}`).toContain(to);
          }
        }),
        {
          numRuns: HISTORIES,
          examples: WALKS.flatMap(([walk]) => [
            [walk, true],
            [walk, false],
          ]),
        },
      );
      const gone = new Set((await observed()).map(({ from, to }) => `${from} -> ${to}`));
      for (const arrow of WALKED) expect(gone).toContain(arrow);
    },
    15_000 + HISTORIES * HISTORY_MS,
  );
});
