import { beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { pubkeyOf, type SimulatorControl, signAs } from '../../src/simulator/client.ts';
import { startRelays } from '../platforms/nostr/support.ts';
import { atEnd } from '../support/at-end.ts';

let url: string;
let relay: (name: string) => string;
let control: SimulatorControl;

beforeAll(async () => {
  ({ url, relay, control } = await startRelays());
});

const note = (content: string, ahead = -1) => ({
  kind: 1,
  created_at: Math.floor(Date.now() / 1_000) + ahead,
  tags: [],
  content,
});

/** A client of one relay: says something, and has everything that came until a message of type `until`. */
async function connect(name: string) {
  const socket = new WebSocket(relay(name), { headers: { 'user-agent': 'test' } });
  atEnd(() => socket.terminate());
  const heard: unknown[][] = [];
  socket.on('message', (data) => heard.push(JSON.parse(String(data)) as unknown[]));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return async (message: unknown, until: string): Promise<unknown[][]> => {
    heard.length = 0;
    socket.send(JSON.stringify(message));
    await expect.poll(() => heard.some(([type]) => type === until)).toBe(true);
    return [...heard];
  };
}

test('takes an event once, keeps it, and gives it back by its id', async () => {
  const say = await connect('one');
  const event = signAs('anna', note('Once'));
  expect(await say(['EVENT', event], 'OK')).toEqual([['OK', event.id, true, '']]);
  const [again] = await say(['EVENT', event], 'OK');
  expect(again).toEqual(['OK', event.id, true, expect.stringMatching(/^duplicate:/)]);
  expect(await say(['REQ', 'q', { ids: [event.id] }], 'EOSE')).toEqual([
    ['EVENT', 'q', event],
    ['EOSE', 'q'],
  ]);
  const other = await connect('two');
  expect(await other(['REQ', 'q', { ids: [event.id] }], 'EOSE')).toEqual([['EOSE', 'q']]);
  await other(['EVENT', event], 'OK');
  const posts = (await control.posts()).filter(({ account }) => account === pubkeyOf('anna'));
  expect(posts).toMatchObject([{ id: event.id, text: 'Once' }]);
});

test('refuses what is forged, what lies ahead, and what is no event', async () => {
  const say = await connect('one');
  const event = signAs('anna', note('Twice'));
  const wrong = [
    { ...event, content: 'Forged' },
    { ...event, sig: signAs('anna', note('Else')).sig },
    signAs('anna', note('Soon', 30)),
    { id: 'x' },
  ];
  for (const one of wrong) {
    expect(await say(['EVENT', one], 'OK')).toEqual([
      ['OK', one.id, false, expect.stringMatching(/^invalid:/)],
    ]);
  }
  expect(await say(['SING'], 'NOTICE')).toHaveLength(1);
});

test('bars, and slows down, whom it is told to', async () => {
  const say = await connect('one');
  await control.createAccounts({ accounts: [{ handle: 'ben', locked: true }] });
  expect((await say(['EVENT', signAs('ben', note('Locked'))], 'OK'))[0]?.[3]).toMatch(/^blocked:/);
  await control.behaviour({ limits: { eventsPerAuthor: { limit: 1, windowSeconds: 60 } } });
  expect((await say(['EVENT', signAs('carl', note('One'))], 'OK'))[0]?.[2]).toBe(true);
  const [second] = await say(['EVENT', signAs('carl', note('Two'))], 'OK');
  expect(second?.[3]).toMatch(/^rate-limited:/);
  await control.behaviour({});
});

test('wants of everybody what it tells of itself, where it is told to', async () => {
  const limitation = async (path: string) => {
    const headers = { accept: 'application/nostr+json' };
    const document = await (await fetch(`${url}${path}`, { headers })).json();
    return (document as { limitation: Record<string, unknown> }).limitation;
  };
  expect(await limitation('/one')).toMatchObject({ auth_required: false, min_pow_difficulty: 0 });
  const say = await connect('one');
  for (const [demand, word] of [
    ['auth_required', 'auth-required'],
    ['payment_required', 'restricted'],
    ['restricted_writes', 'restricted'],
    ['min_pow_difficulty', 'pow'],
  ] as const) {
    await control.behaviour({ nostr: { demand, demandAt: ['/one'] } });
    expect((await limitation('/one'))[demand], demand).toBeTruthy();
    expect((await limitation('/two'))[demand], demand).toBeFalsy();
    const [refused] = await say(['EVENT', signAs('dan', note(demand))], 'OK');
    expect(refused?.[3], demand).toMatch(new RegExp(`^${word}:`));
  }
  await control.behaviour({});
});

test('tells of itself, keeps connections open for ten minutes, and signs what a bench asks for', async () => {
  const headers = { accept: 'application/nostr+json' };
  const answer = await fetch(`${url}/one`, { headers });
  expect(answer.headers.get('keep-alive')).toBe('timeout=600');
  const document = (await answer.json()) as object;
  expect(document).toMatchObject({ supported_nips: [1, 11] });
  const scope = JSON.stringify(note('For a bench'));
  const [given] = await control.createGrants({ clientId: 'any', count: 1, scope });
  expect(JSON.parse(given?.accessToken ?? '')).toMatchObject({
    pubkey: given?.id,
    content: 'For a bench',
  });
});
