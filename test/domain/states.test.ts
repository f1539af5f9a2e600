import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  CAMPAIGN_ARROWS,
  CAMPAIGN_STATES,
  DELIVERING,
  DELIVERY_OVER,
  OVER,
  UNAPPROVED,
  UNDER_WAY,
} from '../../src/domain/campaign.ts';
import {
  DELIVERY_ARROWS,
  DELIVERY_STATES,
  deliveryStatesIn,
  isFinal,
  STILL_TO_GO,
  UNSENT,
} from '../../src/domain/delivery.ts';
import { repository } from '../support/child.ts';

const page = readFileSync(new URL('../../src/domain/STATES.md', import.meta.url), 'utf8');

/** The part of the page under one heading. */
function section(heading: string): string {
  return page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
}

function drawn(heading: string): string[] {
  return [...section(heading).matchAll(/^ +(\S+) --> (\S+)$/gm)].map(
    ([, from, to]) => `${from} -> ${to}`,
  );
}

function tabled(heading: string): string[] {
  const rows = [...section(heading).matchAll(/^\| (\w+) \| (\w+) \| [^|]+ \| [^|]+ \|$/gm)];
  return rows.map(([, from, to]) => `${from} -> ${to}`).filter((arrow) => arrow !== 'from -> to');
}

function coded(arrows: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(arrows).flatMap(([from, targets]) =>
    targets.map((to) => `${from} -> ${to}`),
  );
}

describe.each([
  ['Campaign', CAMPAIGN_ARROWS, CAMPAIGN_STATES],
  ['Delivery', DELIVERY_ARROWS, DELIVERY_STATES],
] as const)('STATES.md on %s', (heading, arrows, states) => {
  const inner = drawn(heading).filter((arrow) => !arrow.includes('[*]'));

  test('draws the arrows of the code, no more and no fewer', () => {
    expect(inner.toSorted()).toEqual(coded(arrows).toSorted());
  });

  test('says of each arrow who makes it', () => {
    expect(tabled(heading).toSorted()).toEqual(coded(arrows).toSorted());
  });

  test('shows where the life begins and ends', () => {
    const ends = Object.entries(arrows).filter(([, targets]) => targets.length === 0);
    const outer = drawn(heading).filter((arrow) => arrow.includes('[*]'));
    const expected = [`[*] -> ${states[0]}`, ...ends.map(([state]) => `${state} -> [*]`)];
    expect(outer.toSorted()).toEqual(expected.toSorted());
  });

  test('leaves no state out of reach', () => {
    const reached = new Set<string>([states[0], ...Object.values(arrows).flat()]);
    expect([...reached].toSorted()).toEqual([...states].toSorted());
  });
});

test('the final states of a delivery are those without an arrow', () => {
  expect(DELIVERY_STATES.filter(isFinal)).toEqual(['posted', 'refused', 'dropped', 'withdrawn']);
});

test('what is unsent is what a supporter can withdraw, and what is still to go is neither final nor in doubt', () => {
  const withdrawable = DELIVERY_STATES.filter((state) =>
    DELIVERY_ARROWS[state].includes('withdrawn'),
  );
  expect(UNSENT).toEqual(withdrawable);
  const open = DELIVERY_STATES.filter((state) => !isFinal(state));
  expect(STILL_TO_GO).toEqual(open.filter((state) => state !== 'unconfirmed'));
  expect(deliveryStatesIn('posted', 'failed', 'withdrawn')).toEqual(
    DELIVERY_STATES.filter(isFinal),
  );
});

test('a campaign is unapproved, under way or over, and only one that has deliveries ends settled or aborted', () => {
  expect([...UNAPPROVED, ...UNDER_WAY, ...OVER].toSorted()).toEqual(CAMPAIGN_STATES.toSorted());
  const goesOn = OVER.flatMap((state) => CAMPAIGN_ARROWS[state]);
  expect(UNAPPROVED).toEqual(expect.arrayContaining(goesOn));
  const leadTo = (end: string) =>
    CAMPAIGN_STATES.filter((state) => CAMPAIGN_ARROWS[state].some((to) => to === end));
  expect([...new Set(DELIVERY_OVER.flatMap(leadTo))].toSorted()).toEqual(DELIVERING.toSorted());
});

test('which states a group of campaigns has is written in one file', () => {
  const state = `'(?:${CAMPAIGN_STATES.join('|')})'`;
  const list = new RegExp(`[[(]${state},\\s*${state}`);
  const files = readdirSync(join(repository, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== join('domain', 'campaign.ts'))
    .filter((file) => list.test(readFileSync(join(repository, 'src', file), 'utf8')));
  // Two of them raise the counter by which a restored backup is known; no other part of the code asks for these.
  expect(files).toEqual([join('store', 'campaign.ts')]);
});
