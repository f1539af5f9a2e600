import { DELIVERY_STATES, type DeliveryState } from '../../src/domain/delivery.ts';
import { REFUSAL_REASONS } from '../../src/domain/outcome.ts';
import type { CurveBarView } from '../../src/web/views/campaign.ts';
import type { DeliveryFigures, DeliveryView } from '../../src/web/views/delivery.ts';
import type { FindingView, HoldView, StopView } from '../../src/web/views/health.ts';
import type {
  OperatorHomeView,
  OperatorPlatform,
  OperatorPlatformsView,
  SignInView,
} from '../../src/web/views/operator.ts';
import { MOMENT, say, TITLES } from './sample-words.ts';

/** View data for the pages of operators. */

export function signInView(kind: SignInView['kind'] = 'confirm'): SignInView {
  return { kind, action: kind === 'confirm' ? '/ops/sign-in/one-time' : null };
}

export function operatorHomeView(): OperatorHomeView {
  const campaign = {
    slug: 'chechnya-100',
    title: say(TITLES, 'en'),
    textLocale: 'en',
    moment: MOMENT,
  };
  return {
    signOutAction: '/ops/sign-out',
    networks: ['X', 'Threads'],
    unaccepted: ['Threads'],
    problem: null,
    waiting: {
      campaigns: [
        {
          slug: 'rivers',
          title: 'Let the rivers run',
          textLocale: 'en',
          state: 'in_review',
          moment: {
            instant: '2027-09-22T10:00:00Z',
            wall: '2027-09-22T12:00',
            zone: 'Europe/Tirane',
          },
          pledges: 0,
          approveAction: '/ops/campaigns/rivers/approve',
        },
      ],
      moreHref: null,
    },
    coming: {
      campaigns: [{ ...campaign, state: 'firing', pledges: 10_000, approveAction: null }],
      moreHref: '/ops?list=coming&after=chechnya-100',
    },
    past: { campaigns: [], moreHref: null },
    findings: FINDINGS,
    holds: HOLDS,
    stops: [
      stopView('everything', 'instance', '/ops/instance'),
      stopView('X', 'x', '/ops/platforms/x'),
    ],
  };
}

/** One of each level. */
export const FINDINGS: readonly FindingView[] = [
  {
    check: 'queue',
    level: 'red',
    what: 'the queue takes no jobs; every step is done without it',
    since: '2026-11-30T10:58:20.000Z',
    mend: 'See whether Redis runs, may be written to, has memory left, is the one that REDIS_URL names, and is used by no other instance.',
    about: ['campaign', 'aftercare', 'mail', 'fire-x'],
  },
  {
    check: 'disk',
    level: 'warning',
    what: 'the disk of DATA_DIR is nearly full: 900 MiB are free',
    since: '2026-11-30T09:00:00.000Z',
    mend: 'Make room, or move DATA_DIR to a larger disk, before the next moment.',
    about: ['/srv/tocsin'],
  },
];

/** One of each kind: simulated, accepted, lapsed, waiting, not connected. */
export function operatorPlatformsView(): OperatorPlatformsView {
  const says = [
    'Identical or substantially similar posts must not be made across several accounts.',
    'An app may post for a person only with their express consent.',
  ];
  const rules = { says, source: 'https://example.org/developers/policy', asOf: '2026-08-22' };
  const acceptance = { who: 'Vera', at: '2026-09-01T10:00:00.000Z', lapsed: false };
  const platform = (label: string, change: Partial<OperatorPlatform> = {}): OperatorPlatform => {
    const name = label.toLowerCase();
    return {
      ...{ name, label, connected: true, simulated: false, offered: false, rules },
      ...{ acceptance: null, acceptAction: `/ops/platforms/${name}/accept`, withdrawAction: null },
      ...change,
    };
  };
  const withdraw = (name: string) => ({ withdrawAction: `/ops/platforms/${name}/withdraw` });
  return {
    platforms: [
      platform('X', { simulated: true, offered: true, acceptAction: null }),
      platform('Mastodon', {
        ...{ offered: true, acceptance, acceptAction: null },
        ...withdraw('mastodon'),
      }),
      platform('Bluesky', { acceptance: { ...acceptance, lapsed: true }, ...withdraw('bluesky') }),
      platform('Threads'),
      platform('LinkedIn', { connected: false, rules: null, acceptAction: null }),
    ],
    problem: null,
    signOutAction: '/ops/sign-out',
  };
}

export function stopView(label: string, confirm: string, base: string): StopView {
  const [pauseAction, resumeAction] = [`${base}/pause`, `${base}/resume`];
  return { label, confirm, pauseAction, resumeAction, abortAction: `${base}/abort` };
}

/** One of each kind and of each scope. */
export const HOLDS: readonly HoldView[] = [
  {
    scope: 'instance',
    kind: 'paused',
    subject: 'instance',
    who: 'Vera',
    since: '2027-07-10T08:00:00.700Z',
    until: null,
    reason: 'the text has a wrong link',
    releaseAction: null,
  },
  {
    scope: 'platform',
    kind: 'broken',
    subject: 'X',
    who: 'tocsin',
    since: '2027-07-10T08:00:00.900Z',
    until: null,
    reason: '402: no credits are left',
    releaseAction: null,
  },
  {
    scope: 'platform',
    kind: 'throttled',
    subject: 'X',
    who: 'tocsin',
    since: '2027-07-10T08:00:01Z',
    until: '2027-07-10T08:15:00Z',
    reason: '',
    releaseAction: null,
  },
  {
    scope: 'campaign',
    kind: 'paused',
    subject: 'chechnya-100',
    who: 'key:press office',
    since: '2027-07-10T08:00:01.200Z',
    until: null,
    reason: '',
    releaseAction: null,
  },
  {
    scope: 'instance',
    kind: 'restored',
    subject: 'instance',
    who: 'tocsin',
    since: '2017-07-10T07:50:00.000Z',
    until: null,
    reason:
      'the database is older than what this instance remembers of it: it was restored from a backup',
    releaseAction: '/ops/instance/release',
  },
];

/** A burst as it looks: steep, then a tail. Adds up to `posts`. */
export function burst(posts: number): CurveBarView[] {
  const shape = [9, 14, 16, 15, 14, 12, 9, 5, 3, 1.4, 0.8, 0.4, 0.2, 0, 0.1, 0.1];
  const total = shape.reduce((a, b) => a + b);
  let left = posts;
  return shape.map((share, index) => {
    const last = index === shape.length - 1;
    const count = last ? left : Math.floor((posts * share) / total);
    left -= count;
    return { fromMs: index * 100, widthMs: 100, posts: count };
  });
}

export function figures(change: Partial<DeliveryFigures> = {}): DeliveryFigures {
  const none = Object.fromEntries(DELIVERY_STATES.map((state) => [state, 0]));
  return {
    at: '2027-07-10T08:00:01.640Z',
    state: 'firing',
    looking: 3,
    pledges: 10_012,
    totals: {
      ...(none as Record<DeliveryState, number>),
      posted: 9_712,
      sending: 131,
      armed: 88,
      waiting: 12,
      refused: 42,
      unconfirmed: 3,
      withdrawn: 12,
    },
    lateness: { first: 3.2, p50: 352, p99: 911.4, max: 1534 },
    curve: burst(9_712),
    reasons: REFUSAL_REASONS.slice(0, 4).map((reason, index) => ({
      reason,
      count: 21 - index * 7,
    })),
    workers: [
      { name: 'ash-1', seenSecondsAgo: 1, clockOffsetMs: -2.4 },
      { name: 'birch-2', seenSecondsAgo: 2, clockOffsetMs: 184.6 },
      { name: 'cedar-3', seenSecondsAgo: 41, clockOffsetMs: 0.3 },
    ],
    findings: [],
    holds: [],
    readiness: null,
    assisted: { posts: 0, reminders: null, lateness: null },
    ...change,
  };
}

export function deliveryView(change: Partial<DeliveryFigures> = {}): DeliveryView {
  return {
    slug: 'chechnya-100',
    title: say(TITLES, 'en'),
    textLocale: 'en',
    moment: MOMENT,
    figures: figures(change),
    stop: stopView('this campaign', 'chechnya-100', '/ops/campaigns/chechnya-100'),
    rules: 'zone rules 2026f, published on 2026-10-29, 31 days ago',
    doubt: null,
    problem: null,
    eventsUrl: '/ops/campaigns/chechnya-100/events',
    signOutAction: '/ops/sign-out',
  };
}
