import { Type } from 'typebox';
import type { Preview } from '../domain/preview.ts';
import { ContentWarningJson, RefusedTextJson, TextUnitJson } from './understood.ts';

/** One text on one platform, in JSON. */
export const PreviewJson = Type.Object({
  locale: Type.String(),
  variant: Type.Integer({ description: '0: the message; 1: its first variant; ...' }),
  platform: Type.String(),
  label: Type.String(),
  text: Type.String(),
  content_warning: ContentWarningJson,
  length: Type.Integer({ description: 'By the platform’s own counting' }),
  limit: Type.Integer(),
  unit: TextUnitJson,
  refused: RefusedTextJson,
});

export function previewJson({ contentWarning, ...preview }: Preview) {
  return { ...preview, content_warning: contentWarning };
}
