import { Type } from 'typebox';
import type { Localized } from './campaign.ts';
import { checkStory, checkTexts } from './campaign-fields.ts';
import { parseYamlFile } from './campaign-file/campaign-yaml.ts';
import { inFileLines, withFileLines } from './campaign-file/yaml-places.ts';
import { damagedTexts } from './damaged-text.ts';
import { type FieldProblem, InputError } from './errors.ts';
import { ProblemList } from './problem-list.ts';
import { isMapping, shapeProblems } from './schema-problems.ts';
import { storyWarnings } from './wording-check.ts';

/** Unicode code points of an update in one language. */
export const MAX_UPDATE = 2_000;

/** An update as campaigners write it, in YAML or JSON. */
export const UpdateInput = Type.Object(
  {
    text: Type.Record(Type.String(), Type.String({ minLength: 1, maxLength: MAX_UPDATE }), {
      description:
        'what there is to tell, as markdown without HTML, in the campaign’s first locale at least',
    }),
  },
  { additionalProperties: false },
);

/** A file with an update as plain data, to be handed to `checkUpdate`. @throws InputError as `parseYamlFile` does. */
export function parseUpdateYaml(text: string): unknown {
  return parseYamlFile(text, UpdateInput);
}

/**
 * The texts of an update, tidied. Those who wait for news are not kept waiting for translators: only the campaign's first
 * locale has to be there, since readers of other languages get that one.
 * @throws InputError with fields such as `text.fr`. Of data from a file its messages name lines of the file.
 */
export function checkUpdate(input: unknown, locales: readonly string[]): Localized {
  return withFileLines(input, () => check(input, locales));
}

/**
 * What is allowed in these texts of an update and may not be meant, as of a campaign's story. `link`: the campaign's. Of data from
 * a file with the lines of the file.
 */
export function updateWarnings(input: unknown, text: Localized, link: string): FieldProblem[] {
  return inFileLines(input, storyWarnings('text', text, link));
}

function check(input: unknown, locales: readonly string[]): Localized {
  if (!isMapping(input)) {
    throw new InputError([
      { field: 'update', message: 'must be a mapping of fields; give `text`' },
    ]);
  }
  const damaged = damagedTexts(input, locales);
  if (damaged.length > 0) throw new InputError(damaged);
  const report = new ProblemList(shapeProblems(UpdateInput, input, ''));
  const text = checkTexts(report, 'text', input.text, locales, checkStory, []);
  const [first = ''] = locales;
  if (report.isSound('text') && text[first] === undefined) {
    report.add(`text.${first}`, 'is missing: whoever reads none of the others gets this one');
  }
  if (report.problems.length > 0) throw new InputError(report.problems);
  return text;
}
