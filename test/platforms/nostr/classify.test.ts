import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/platforms/nostr/classify.ts';
import { type RelayAnswer, readOk } from '../../../src/platforms/nostr/relay.ts';
import { FUZZ_RUNS } from '../../support/fuzz.ts';

const NOW = new Date('2027-03-01T12:00:00.500Z');
const POST = {
  ...{ id: 'f'.repeat(64), url: 'https://njump.example/nevent1x' },
  createdAt: new Date('2027-03-01T12:00:00.000Z'),
};

const ok = readOk(true, '');
const silent: RelayAnswer = { kind: 'silent' };
const unsent: RelayAnswer = { kind: 'unsent', word: 'NO_RELAY' };
const no = (message: string): RelayAnswer => readOk(false, message);

describe('what the answers of the relays mean, when two have to take an event', () => {
  const rows: [string, RelayAnswer[], string][] = [
    ['two take it', [ok, ok, no('blocked: you')], 'posted'],
    ['one takes it and one has it', [ok, readOk(true, 'duplicate: have it')], 'posted'],
    ['one has it and says no', [ok, no('duplicate: have it')], 'posted'],
    ['one takes it and the others never will', [ok, no('pow: 26 bits'), no('blocked:')], 'posted'],
    ['one takes it and one is silent', [ok, silent], 'unknown'],
    ['one takes it and one cannot be reached', [ok, unsent], 'unknown'],
    ['one takes it and one is busy', [ok, no('rate-limited: slow')], 'unknown'],
    ['all are silent', [silent, silent], 'unknown'],
    ['one is silent and one is busy', [silent, no('error: no disk')], 'unknown'],
    ['one is busy and one refuses', [no('rate-limited: slow'), no('invalid: future')], 'wait'],
    ['all are busy', [no('rate-limited: slow'), no('error: no disk')], 'wait'],
    ['all say no without a word for it', [no('no'), no('')], 'wait'],
    ['none can be reached', [unsent, unsent], 'not_sent'],
    ['one refuses and one cannot be reached', [unsent, no('blocked: you')], 'not_sent'],
    ['all bar the author', [no('blocked: you'), no('mute: you')], 'refused key_barred'],
    ['one bars the author', [no('blocked: you'), no('restricted: pay')], 'refused key_barred'],
    [
      'all take posts of members only',
      [no('restricted: join us'), no('blocked: pubkey is not allowed to publish here')],
      'refused relay_members_only',
    ],
    [
      'all want money',
      [no('blocked: please pay the invoice'), no('auth-required: who')],
      'refused relay_members_only',
    ],
    ['one wants to know who it is', [no('auth-required: who'), no('pow:')], 'refused app_problem'],
    [
      'all find fault with the event',
      [no('invalid: bad signature'), no('invalid: too long')],
      'refused text_invalid',
    ],
    ['there is no relay', [], 'not_sent'],
  ];
  for (const [what, answers, expected] of rows) {
    it(`${what}: ${expected}`, () => {
      const outcome = classify(answers, 2, POST, NOW);
      expect('reason' in outcome ? `refused ${outcome.reason}` : outcome.kind).toBe(expected);
    });
  }

  const untimely = [
    'invalid: event creation date is too far off from the current time',
    'invalid: created_at too late',
    'invalid: created_at is in the future',
    'invalid: event too much in the future',
    'invalid: the event timestamp is too new',
    // strfry's word for what is old: a relay whose clock is ahead.
    'invalid: created_at too early',
    'invalid: event too old',
  ];
  it.each(untimely)(
    'E8 tries again within the first minute after "%s", and not later',
    (message) => {
      const at = (seconds: number) => new Date(POST.createdAt.getTime() + seconds * 1_000);
      for (const seconds of [0, 30, 59]) {
        expect(classify([no(message)], 1, POST, at(seconds))).toMatchObject({ kind: 'wait' });
      }
      const late = classify([no(message), no('pow: 26')], 1, POST, at(61));
      expect(late).toMatchObject({ kind: 'refused', reason: 'app_problem' });
      // What is wrong with more than the time stays wrong, and one who is barred is told so.
      const barred = classify([no(message), no('blocked: you')], 1, POST, at(61));
      expect(barred).toMatchObject({ kind: 'refused', reason: 'key_barred' });
      expect(classify([no(message), ok], 1, POST, at(1))).toMatchObject({ kind: 'posted' });
    },
  );

  it.each(['invalid: bad signature', 'invalid: the text is too long', 'pow: 26 bits needed'])(
    'E8 takes "%s" as final at once',
    (message) => {
      expect(classify([no(message)], 1, POST, NOW)).toMatchObject({ kind: 'refused' });
    },
  );

  it('E8 waits for a relay that says rate-limited, whenever that is', () => {
    const late = new Date(POST.createdAt.getTime() + 600_000);
    expect(classify([no('rate-limited: slow')], 1, POST, late)).toMatchObject({ kind: 'wait' });
  });

  it('has an outcome for any answers, without a relay’s own prose in it', () => {
    const answer = fc.oneof(
      fc.constantFrom<RelayAnswer>(ok, silent, unsent),
      fc.tuple(fc.boolean(), fc.string()).map(([taken, message]) => readOk(taken, message)),
      fc
        .constantFrom('pow', 'blocked', 'mute', 'duplicate', 'rate-limited', 'invalid', 'zebra')
        .map((word) => no(`${word}: my words of the date`)),
    );
    fc.assert(
      fc.property(
        fc.array(answer, { maxLength: 20 }),
        fc.integer({ min: 1, max: 20 }),
        (all, q) => {
          const outcome = classify(all, q, POST, NOW);
          if ('detail' in outcome) expect(outcome.detail).toMatch(/^[\w -]{1,100}$/);
          if ('detail' in outcome) expect(outcome.detail).not.toMatch(/words|zebra/);
          if ('until' in outcome) {
            const ahead = outcome.until.getTime() - NOW.getTime();
            expect(ahead).toBeGreaterThanOrEqual(5_000);
            expect(ahead).toBeLessThanOrEqual(10_000);
          }
          if (outcome.kind === 'posted') expect(all).toContainEqual({ kind: 'taken' });
        },
      ),
      { numRuns: FUZZ_RUNS },
    );
  });
});
