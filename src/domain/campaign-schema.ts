import { type Static, Type } from 'typebox';
import type { CommonContent } from './campaign.ts';
import { MAX_TEMPLATE } from './template.ts';

/** Unicode code points. */
export const MAX_STORY = 20_000;
export const MAX_TITLE = 120;
export const MAX_ADDRESSEE = 200;
/** It counts with the text, where a network has it: 500 characters are the most on Mastodon. */
export const MAX_CONTENT_WARNING = 100;
export const MAX_ALT = 500;
export const MAX_CREDIT = 200;
export const MAX_GOAL = 10_000_000;
/** Entries. */
export const MAX_SOURCES = 30;
export const MAX_VARIANTS = 10;

/** Fields that hold an https address and nothing else. */
export const ADDRESS_FIELDS = [
  'link',
  'donation',
] as const satisfies readonly (keyof CommonContent)[];

const closed = { additionalProperties: false };

/** BCP 47 tag -> text. Which tags there must be depends on `locales`, so the validator looks at that. */
function localized(maxLength: number, description: string) {
  return Type.Record(Type.String(), Type.String({ minLength: 1, maxLength }), { description });
}

function organisation(description: string) {
  return Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: 120, description: 'its name' }),
      url: Type.Optional(Type.String({ maxLength: 2000, description: 'its https address' })),
    },
    { ...closed, description },
  );
}

const picture = Type.Object(
  {
    alt: localized(MAX_ALT, 'what it shows, in every locale, for those who cannot see it'),
    credit: Type.Optional(
      Type.String({ minLength: 1, maxLength: MAX_CREDIT, description: 'who made it' }),
    ),
  },
  {
    ...closed,
    description: 'what is said of the picture: alt and, if wanted, credit; the file comes apart',
  },
);

const source = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 200, description: 'what is found there' }),
    url: Type.String({ minLength: 1, maxLength: 2000, description: 'its https address' }),
  },
  { ...closed, description: 'title and url' },
);

/**
 * A campaign as campaigners write it, in YAML or JSON. The HTTP API shows this schema in its OpenAPI document; what a
 * schema cannot say (locales that must agree, lengths on each platform, a time that exists) is in `validateCampaign`.
 * The descriptions end up in messages: "is missing: ...".
 */
export const CampaignInput = Type.Object(
  {
    slug: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9][a-z0-9-]{1,58}[a-z0-9]$',
        description: 'the last part of its address: 3 to 60 lower-case letters, digits and hyphens',
      }),
    ),
    title: localized(MAX_TITLE, 'the title in every locale, by its BCP 47 tag'),
    story: localized(MAX_STORY, 'the story in every locale, as markdown without HTML'),
    addressee: Type.Optional(
      localized(MAX_ADDRESSEE, 'whom the letter is addressed to, a line in every locale'),
    ),
    letter: Type.Optional(
      localized(MAX_STORY, 'the letter in every locale, as markdown without HTML'),
    ),
    picture: Type.Optional(picture),
    sources: Type.Optional(
      Type.Array(source, {
        maxItems: MAX_SOURCES,
        description: `a list of at most ${MAX_SOURCES} places to check what is said, each with title and url`,
      }),
    ),
    donation: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 2000,
        description: 'the https address where money can be given',
      }),
    ),
    organiser: organisation('who runs the campaign: name and, if wanted, url'),
    partners: Type.Optional(
      Type.Array(organisation('name and, if wanted, url'), {
        maxItems: 50,
        description: 'a list of organisations that support it',
      }),
    ),
    link: Type.String({
      minLength: 1,
      maxLength: 2000,
      description: 'the https address that the posts point to',
    }),
    goal: Type.Integer({
      minimum: 1,
      maximum: MAX_GOAL,
      description: `how many pledges are hoped for, a whole number from 1 to ${MAX_GOAL}`,
    }),
    hashtags: Type.Array(Type.String({ minLength: 1, maxLength: 101, description: 'a hashtag' }), {
      minItems: 1,
      maxItems: 10,
      description: 'a list of 1 to 10 hashtags, with or without the #',
    }),
    locales: Type.Array(
      Type.String({ minLength: 2, maxLength: 35, description: 'a BCP 47 tag such as en or pt-BR' }),
      {
        minItems: 1,
        maxItems: 30,
        description: 'a list of 1 to 30 BCP 47 tags; the first is the one for everybody else',
      },
    ),
    messages: localized(
      MAX_TEMPLATE,
      'the text to be posted in every locale, as a Liquid template',
    ),
    variants: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Array(
          Type.String({
            minLength: 1,
            maxLength: MAX_TEMPLATE,
            description: 'a text to be posted, as a Liquid template',
          }),
          {
            minItems: 1,
            maxItems: MAX_VARIANTS,
            description: `a list of 1 to ${MAX_VARIANTS} texts`,
          },
        ),
        { description: 'other wordings of the message, a list in every locale' },
      ),
    ),
    content_warning: Type.Optional(
      localized(
        MAX_CONTENT_WARNING,
        'what stands before the post on Mastodon, a line of plain text in every locale',
      ),
    ),
    own_words: Type.Optional(
      Type.Boolean({
        description:
          'true to let supporters write their own words in place of the message, else false',
      }),
    ),
    reminders: Type.Optional(
      Type.Boolean({
        description: 'true to let people leave an e-mail address to be reminded, else false',
      }),
    ),
    moment: Type.Object(
      {
        at: Type.String({
          maxLength: 60,
          description: 'the wall time without offset, such as 2017-07-10T11:00',
        }),
        zone: Type.String({ maxLength: 60, description: 'the IANA zone, such as Europe/Moscow' }),
        occurrence: Type.Optional(
          Type.Union([Type.Literal('earlier'), Type.Literal('later')], {
            description: '`earlier` or `later`, for a wall time that exists twice',
          }),
        ),
      },
      { ...closed, description: 'when everything goes out: at and zone' },
    ),
  },
  closed,
);
export type CampaignInput = Static<typeof CampaignInput>;
