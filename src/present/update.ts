import { Type } from 'typebox';
import type { CampaignUpdateRecord } from '../actions/campaign/records.ts';
import { Instant } from './instant.ts';

/** Something that a campaigner told while the campaign went on, in JSON. */
export const UpdateJson = Type.Object(
  {
    id: Type.String(),
    at: Instant(),
    by: Type.String({ description: 'Who posted it; not shown to the public' }),
    text: Type.Record(Type.String(), Type.String(), { description: 'Markdown by BCP 47 tag' }),
  },
  { title: 'Update' },
);

export function updateJson({ id, at, author, text }: CampaignUpdateRecord) {
  return { id, at: at.toISOString(), by: author, text: { ...text } };
}
