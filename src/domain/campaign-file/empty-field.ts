import { SUPPORTER_FIELDS, type SupporterField } from '../supporter-field.ts';
import { compileTemplate, MAX_TEMPLATE, type MessageValues } from '../template.ts';

/** Stands for what a supporter types; in no text by chance. Digits, since filters change letters. */
const MARK = '908070605';
/** Around the text, so that what an empty field leaves at its ends is kept. */
const EDGE = '\u2016';
/** How much of the text is shown on either side. */
const SHOWN = 20;
const EXAMPLE: Readonly<Record<SupporterField, string>> = { name: 'one of many', place: 'my town' };

/**
 * For each field that a supporter may leave empty: what is posted then, if the wording has nothing in its place and so leaves a
 * hole, as in `I am .`; with what to write.
 */
export function emptyWarnings(source: string, values: MessageValues): string[] {
  const marked = `${EDGE}${source.trim()}${EDGE}`;
  if (marked.length > MAX_TEMPLATE) return [];
  const template = compileTemplate(marked);
  return SUPPORTER_FIELDS.flatMap((name) => {
    if (!template.placeholders.includes(name)) return [];
    const others = Object.fromEntries(SUPPORTER_FIELDS.map((one) => [one, 'a']));
    const given = { ...values, ...others };
    const empty = template.render({ ...given, [name]: '' });
    const pieces = template.render({ ...given, [name]: MARK }).split(MARK);
    if (pieces.length === 1 || pieces.join('') !== empty || standsAlone(pieces, values)) return [];
    const left = around(pieces);
    return `whoever gives no ${name} posts "${left}"; say what stands there then, {{ ${name} | default: "${EXAMPLE[name]}" }}, or leave the part out, {% if ${name} %}…{% endif %}`;
  });
}

/** What stands beside the first hole, cut where that is long. */
function around([before = '', after = '']: readonly string[]): string {
  const head = before.length > SHOWN ? `…${before.slice(-SHOWN)}` : before;
  const tail = after.length > SHOWN ? `${after.slice(0, SHOWN)}…` : after;
  return `${head}${tail}`.replaceAll(EDGE, '').trim();
}

/**
 * Whether the text still reads well when the field is empty: the field is the last thing in it, after a complete sentence, the link or
 * the hashtags, or the first thing, before the link or a hashtag.
 */
function standsAlone(pieces: readonly string[], { link, hashtags }: MessageValues): boolean {
  const [before = '', after] = pieces;
  const said = before.trimEnd();
  const ends = [
    EDGE,
    '.',
    '!',
    '?',
    '…',
    '。',
    '！',
    '？',
    '؟',
    '۔',
    link,
    hashtags.at(-1) ?? EDGE,
  ];
  if (pieces.length !== 2) return false;
  if (after === EDGE) return ends.some((end) => said.endsWith(end));
  const next = (after ?? '').trimStart();
  return said === EDGE && next !== after && (next.startsWith(link) || next.startsWith('#'));
}
