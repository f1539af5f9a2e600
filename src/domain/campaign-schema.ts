import { type Static, Type } from 'typebox';
import { TEMPLATE_MAX } from './template.ts';

/** Unicode code points. */
export const STORY_MAX = 20_000;
export const TITLE_MAX = 120;
export const GOAL_MAX = 10_000_000;

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
    title: localized(TITLE_MAX, 'the title in every locale, by its BCP 47 tag'),
    story: localized(STORY_MAX, 'the story in every locale, as markdown without HTML'),
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
      maximum: GOAL_MAX,
      description: `how many pledges are hoped for, a whole number from 1 to ${GOAL_MAX}`,
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
      TEMPLATE_MAX,
      'the text to be posted in every locale, as a Liquid template',
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
