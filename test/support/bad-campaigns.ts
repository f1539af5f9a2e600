/** A campaign in order, to be spoiled in one place. Its message comes to 24 by X's count, and 256 are left. */
export function goodCampaign(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    slug: 'quiet-rivers',
    title: { en: 'Quiet rivers' },
    story: { en: '## Why\n\nBecause.' },
    organiser: { name: 'River people' },
    link: LINK,
    goal: 100,
    hashtags: ['QuietRivers'],
    locales: ['en'],
    messages: { en: '{{ link }}\n' },
    moment: { at: '2031-06-01T12:00', zone: 'America/Sao_Paulo' },
    ...changes,
  };
}

/** Far longer than the 23 that X counts for any link. */
const LINK = `https://example.org/${'river/'.repeat(20)}`;
/** What X counts for the link and one line break. */
const LINK_AND_BREAK = 24;
const LIMIT = 280;

const CJK = '河';
const FAMILY = '👨‍👩‍👧‍👦';

/** A message that comes to exactly `length` by X's count, most of it in letters and emoji that X counts as 2. */
export function messageOf(length: number): string {
  const left = length - LINK_AND_BREAK;
  const pairs = Math.floor(left / 4);
  return `{{ link }}\n${(CJK + FAMILY).repeat(pairs)}${'a'.repeat(left - pairs * 4)}`;
}

/** Something wrong with a campaign, which field is to be named for it, and in what words. */
export interface BadCampaign {
  name: string;
  document: Record<string, unknown>;
  field: string;
  says: RegExp;
}

function moment(at: string, zone: string): Record<string, unknown> {
  return goodCampaign({ moment: { at, zone } });
}

function message(en: string): Record<string, unknown> {
  return goodCampaign({ messages: { en } });
}

/** Every bad input that is a campaign at all; what is not even YAML or JSON, or too large, is each test's own. */
export const badCampaigns: readonly BadCampaign[] = [
  {
    name: 'an unknown zone',
    document: moment('2031-06-01T12:00', 'Europe/Atlantis'),
    field: 'moment.zone',
    says: /"Europe\/Atlantis" is not an IANA time zone/,
  },
  {
    name: 'a wall time that does not exist',
    document: moment('2027-03-28T02:30', 'Europe/Paris'),
    field: 'moment.at',
    says: /does not exist in Europe\/Paris/,
  },
  {
    name: 'a wall time that exists twice',
    document: moment('2027-10-31T02:30', 'Europe/Paris'),
    field: 'moment.occurrence',
    says: /exists twice.*00:30.*01:30/,
  },
  {
    name: 'a moment in the past',
    document: moment('2017-07-10T11:00', 'Europe/Moscow'),
    field: 'moment.at',
    says: /in the past.*2017-07-10T08:00:00Z/,
  },
  {
    name: 'a template with a syntax error',
    document: message('{% if name %}Hello'),
    field: 'messages.en',
    says: /not a template that can be read.*line 1/,
  },
  {
    name: 'an unknown placeholder',
    document: message('{{ hashtag }}'),
    field: 'messages.en',
    says: /no placeholder `hashtag`.*hashtags/,
  },
  {
    name: 'an endless loop',
    document: message('{% for i in (1..100000000) %}{% endfor %}on and on'),
    field: 'messages.en',
    says: /too much work/,
  },
  {
    name: 'a text one character too long',
    document: message(messageOf(LIMIT + 1)),
    field: 'messages.en',
    says: /too long in en on X: 281, and the limit is 280/,
  },
  {
    name: 'a story with a script in it',
    document: goodCampaign({ story: { en: 'Look.\n\n<script>alert(1)</script>' } }),
    field: 'story.en',
    says: /HTML, <script>.*(?:line 3 of this text|line 1 of the file)/,
  },
  {
    name: 'a variant one character too long',
    document: goodCampaign({ variants: { en: ['{{ link }} yes', messageOf(LIMIT + 1)] } }),
    field: 'variants.en[1]',
    says: /too long in en on X: 281, and the limit is 280/,
  },
  {
    name: 'a variant that says what the message says',
    document: goodCampaign({ variants: { en: ['{{ link }} yes', ' {{link}} '] } }),
    field: 'variants.en[1]',
    says: /says the same as messages\.en; write it another way/,
  },
  {
    name: 'a letter with a script in it',
    document: goodCampaign({ letter: { en: 'Sir,\n\n<script>alert(1)</script>' } }),
    field: 'letter.en',
    says: /HTML, <script>.*(?:line 3 of this text|line 1 of the file)/,
  },
  {
    name: 'a picture without words for those who cannot see it',
    document: goodCampaign({ picture: { credit: 'Somebody' } }),
    field: 'picture.alt',
    says: /is missing; give what it shows, in every locale/,
  },
  {
    name: 'a way to give money that is not encrypted',
    document: goodCampaign({ donation: 'http://example.org/give' }),
    field: 'donation',
    says: /not an https address/,
  },
  {
    name: 'an unknown field',
    document: goodCampaign({ goals: 5 }),
    field: 'goals',
    says: /not a field that exists.*goal/,
  },
  {
    name: 'a goal that is no number, and nothing for the link',
    document: goodCampaign({ goal: 'many', link: undefined }),
    field: 'link',
    says: /is missing/,
  },
];
