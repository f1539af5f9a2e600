import type { CampaignContent } from './campaign.ts';
import type { FieldProblem } from './errors.ts';
import { canonicalLocale } from './locale.ts';
import type { Moment } from './moment.ts';
import { isMapping } from './schema-problems.ts';

/** What was kept of a campaign that was written. */
export interface Kept {
  slug: string;
  content: CampaignContent;
  moment: Moment;
}

/** Fields that are kept as they stand below when they are left out. */
const DEFAULTS: Readonly<Record<string, string>> = {
  own_words: 'false: people post the campaign’s words',
  reminders: 'false: no reminders by e-mail',
};

/**
 * What is kept otherwise than it was written, and what was left out and filled in, by field: blanks at the ends, line ends, Unicode
 * NFC, the `#` of a hashtag, the spelling of languages and zones, the slug, what is `false` by itself.
 */
export function mendsIn(input: Readonly<Record<string, unknown>>, kept: Kept): FieldProblem[] {
  const { slug, content, moment } = kept;
  const { own_words: _, ...written } = input;
  const texts = {
    ...content,
    content_warning: content.contentWarning,
    slug: input.slug === undefined ? undefined : slug,
  };
  const zone = isMapping(input.moment) ? input.moment.zone : undefined;
  return [
    ...(input.slug === undefined ? [filledIn('slug', `${slug}, made of the title`)] : []),
    ...changesIn(written, texts, ''),
    ...changesIn(zone, moment.zone, 'moment.zone'),
    ...Object.entries(DEFAULTS).flatMap(([field, value]) =>
      input[field] === undefined ? [filledIn(field, value)] : [],
    ),
  ];
}

function filledIn(field: string, value: string): FieldProblem {
  return { field, message: `was left out, so it is ${value}` };
}

/** Texts at the same places of both; what is kept under another name, or not as text, is left out. */
function changesIn(written: unknown, kept: unknown, field: string): FieldProblem[] {
  if (typeof written === 'string' && typeof kept === 'string') {
    return changes(written, kept).map((message) => ({ field, message }));
  }
  if (Array.isArray(written) && Array.isArray(kept)) {
    return written.flatMap((item, index) => changesIn(item, kept[index], `${field}[${index}]`));
  }
  if (!isMapping(written) || !isMapping(kept)) return [];
  return Object.entries(written).flatMap(([name, value]) => {
    const inner = field === '' ? name : `${field}.${name}`;
    if (Object.hasOwn(kept, name)) return changesIn(value, kept[name], inner);
    const canonical = canonicalLocale(name);
    if (canonical === null || !Object.hasOwn(kept, canonical)) return [];
    const renamed = { field: inner, message: `is kept as ${canonical}` };
    return [renamed, ...changesIn(value, kept[canonical], inner)];
  });
}

/** In words; empty where nothing was changed but the line end that YAML puts behind a block. */
function changes(written: string, kept: string): string[] {
  if (written === kept || written === `${kept}\n`) return [];
  const lines = written.replace(/\r\n?/g, '\n');
  const composed = lines.normalize('NFC');
  const trimmed = composed.trim();
  const bare = trimmed.replace(/^[#＃]\s*/, '');
  const said = [
    lines === written ? null : 'its line ends are LF now',
    composed === lines ? null : 'its letters are in Unicode NFC now',
    composed === kept || composed === `${kept}\n` || trimmed === composed
      ? null
      : 'blanks or empty lines at its ends are gone',
    trimmed !== kept && bare === kept ? 'its # is left out' : null,
  ].filter((one) => one !== null);
  const isExplained = [composed.trim(), bare].includes(kept.trim());
  return isExplained ? said : [...said, `is kept as ${kept.slice(0, 200)}`];
}
