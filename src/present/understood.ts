import { Type } from 'typebox';
import type { Understood } from '../domain/understood.ts';
import { Instant } from './instant.ts';

/** What a length and a limit are told in. */
export const TextUnitJson = Type.Enum(['characters', 'bytes'], { description: 'Of both' });

/** The rule of a platform that a text breaks besides its length. */
export const RefusedTextJson = Type.Union([Type.Null(), Type.String()], {
  description:
    'Which other rule of the platform the text breaks, whatever its length; null where it breaks none',
});

/** The content warning before a text on a platform. */
export const ContentWarningJson = Type.Union([Type.Null(), Type.String()], {
  description:
    'What stands before the text there and counts with it; null where nothing does: the campaign has none, or the platform',
});

/** What was understood of a campaign that was just created, in JSON. */
export const UnderstoodJson = Type.Object(
  {
    goal: Type.String({ description: 'With separators: 10,000' }),
    languages: Type.Array(
      Type.Object({
        locale: Type.String({ description: 'BCP 47 tag' }),
        name: Type.Union([Type.Null(), Type.String()], { description: 'In English' }),
      }),
    ),
    moment: Type.Object({
      instant: Instant('The moment'),
      zones: Type.Array(
        Type.Object({
          zone: Type.String({ description: 'IANA zone' }),
          at: Type.String({ description: 'Wall time in the zone' }),
          offset: Type.String({ description: 'Of that wall time to UTC: -03:00' }),
        }),
        { description: 'The campaign’s own zone, then two others' },
      ),
    }),
    texts: Type.Array(
      Type.Object({
        text: Type.String(),
        wordings: Type.Array(
          Type.Object({
            locale: Type.String(),
            variant: Type.Integer({ description: '0 is the message, 1 its first variant' }),
          }),
        ),
        platforms: Type.Array(
          Type.Object({
            platform: Type.String(),
            label: Type.String(),
            length: Type.Integer(),
            limit: Type.Integer(),
            unit: TextUnitJson,
            refused: RefusedTextJson,
            content_warning: ContentWarningJson,
          }),
        ),
      }),
      { description: 'Each text once, with its length on each platform' },
    ),
    mended: Type.Array(Type.Object({ field: Type.String(), message: Type.String() }), {
      description: 'What is kept otherwise than it was written, and what was filled in',
    }),
  },
  { title: 'Understood' },
);

export function understoodJson({ goal, languages, moment, texts, mended }: Understood) {
  return {
    goal,
    languages: languages.map(({ locale, name }) => ({ locale, name })),
    moment: {
      instant: moment.instant.toISOString(),
      zones: moment.zones.map(({ zone, at, offset }) => ({ zone, at, offset })),
    },
    texts: texts.map(({ text, wordings, platforms }) => ({
      text,
      wordings: [...wordings],
      platforms: platforms.map(({ contentWarning, ...on }) => ({
        ...on,
        content_warning: contentWarning,
      })),
    })),
    mended: [...mended],
  };
}
