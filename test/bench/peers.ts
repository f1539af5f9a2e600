import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { grantPeople } from '../support/crowd.ts';
import { watchBurst } from './burst.ts';
import type { House } from './house.ts';
import type { Burst } from './measure.ts';
import type { Answers } from './options.ts';
import { referenceText } from './reference.ts';
import type { Plan } from './systems/peer.ts';

/** One burst of a peer: its alarms are set by one process, and worked off by the one that is measured. */
export async function firePeer(
  house: House,
  peer: string,
  posts: number,
  answers: Answers,
): Promise<Burst> {
  await house.clear(answers);
  const tokens: string[] = [];
  for await (const people of grantPeople(house.control, 'bench', posts)) {
    tokens.push(...people.map((person) => person.accessToken));
  }
  const database = await house.makeDatabase();
  const dueAt = Date.now() + leadMs(posts);
  const { networkUrl, redisUrl, control } = house;
  const text = await referenceText();
  const plan: Plan = { networkUrl, redisUrl, databaseUrl: database.url, dueAt, text, tokens };
  const file = join(await house.makeFolder(), 'plan.json');
  await writeFile(file, JSON.stringify(plan), { mode: 0o600 });
  const program = `test/bench/systems/${peer}.ts`;
  const producer = await house.start({ args: [program, 'enqueue', file] });
  const { code } = await producer.exit;
  if (code !== 0) throw new Error(`${peer} did not set its alarms: ${producer.output()}`);
  const worker = await house.start({ args: [program, 'work', file] });
  await worker.line(/is ready/);
  if (Date.now() > dueAt - 1_000)
    throw new Error(`${peer} was not ready before the moment: the machine is too busy`);
  const burst = await watchBurst({ control, processes: [worker], posts, momentMs: dueAt });
  await worker.sweep();
  await database.drop();
  return burst;
}

/** Two processes start, and the alarms are set, within this. */
function leadMs(posts: number): number {
  return 9_000 + posts * 0.3;
}
