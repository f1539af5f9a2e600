import { Context, Liquid, LiquidError, type Template } from 'liquidjs';
import { createBoundedMemo } from './bounded-memo.ts';
import type { CampaignContent } from './campaign.ts';
import { characterProblem, tidy } from './characters.ts';
import { type FieldProblem, InputError } from './errors.ts';
import { didYouMean } from './suggest.ts';
import { checkSupporterField, SUPPORTER_FIELDS, type SupporterValues } from './supporter-field.ts';
import { placeInText } from './text/text-place.ts';

export { checkSupporterField } from './supporter-field.ts';

/** What a message can name: `hashtags` ("#A #B"), `link`, `campaign` (its title), and what the supporter typed. */
export const PLACEHOLDERS = ['hashtags', 'link', 'campaign', ...SUPPORTER_FIELDS] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** What the placeholders stand for in one post. Hashtags are without `#`; `campaign` is the title in that locale. */
export interface MessageValues extends SupporterValues {
  hashtags: readonly string[];
  link: string;
  campaign: string;
}

/** A message that was found in order. `render` is pure: equal values give an equal text. */
export interface MessageTemplate {
  readonly source: string;
  /** Those that are used, in the order of PLACEHOLDERS. */
  readonly placeholders: readonly Placeholder[];
  /** @throws InputError when a limit is passed, nothing is left, or a supporter's value is not allowed. */
  render(values: MessageValues): string;
}

/**
 * Whatever writes no file, reads no clock and keeps no state. `for` stays because people who know Liquid reach for it;
 * the limits below are what holds it.
 */
const TAGS = 'if unless case for break continue assign comment raw #'.split(' ');
const FILTERS = 'append capitalize default downcase lstrip prepend rstrip size strip upcase'.split(
  ' ',
);
/** The longest template, in UTF-16 units. */
export const MAX_TEMPLATE = 2_000;
/** The longest text that a rendering may give before any platform's limit is asked; keeps a loop's output small. */
const MAX_OUTPUT = 20_000;
/** What ranges and filters of one rendering may allocate, in numbers and characters. */
const MAX_MEMORY = 4_000;
/** Pieces of text, outputs, tags and turns of a loop in one rendering. A count, not a clock: rendering stays pure. */
const MAX_STEPS = 1_000;

const engine = createEngine();

/** Of liquidjs' errors these two name the limits. */
const LIMIT = /^(?:memory alloc|template steps) limit exceeded/;

/**
 * Reads a Liquid template for a message. A placeholder that does not exist is found in branches that are never taken,
 * too. Branches can ask `{% if name %}`: a supporter's value that is empty is nil.
 * @throws InputError on `field`, with line and column where they are known.
 */
export function compileTemplate(source: string, field = 'message'): MessageTemplate {
  return compiled(`${field} ${source}`, () => compileAnew(source, field));
}

/** Every visitor of a page asks for the same few templates. */
const compiled = createBoundedMemo<MessageTemplate>(200);

function compileAnew(source: string, field: string): MessageTemplate {
  const text = tidy(source);
  const bad = sourceProblem(text);
  if (bad) throw new InputError([{ field, message: bad }]);
  const parsed = attempt(field, () => engine.parse(text));
  const placeholders = usedPlaceholders(parsed, field);
  return {
    source: text,
    placeholders,
    render: (values) => renderParsed(parsed, scopeOf(values), { field, placeholders }),
  };
}

/** Compiles and renders in one go. @throws InputError as `compileTemplate` and `render` do. */
export function renderMessage(source: string, values: MessageValues, field = 'message'): string {
  return compileTemplate(source, field).render(values);
}

/** The placeholders a template uses, taken branches or not. @throws InputError on `field`. */
export function findPlaceholders(source: string, field = 'message'): readonly Placeholder[] {
  return compileTemplate(source, field).placeholders;
}

/** The values of a campaign's own placeholders in one of its locales, joined with what a supporter typed. */
export function messageValues(
  content: CampaignContent,
  locale: string,
  supporter: SupporterValues = {},
): MessageValues {
  const { hashtags, link } = content;
  return { ...supporter, hashtags, link, campaign: content.title[locale] ?? '' };
}

function createEngine(): Liquid {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictVariables: true,
    strictFilters: true,
    memoryLimit: MAX_MEMORY,
    templates: {},
  });
  for (const tag of Object.keys(liquid.tags)) {
    if (!TAGS.includes(tag)) delete liquid.tags[tag];
  }
  for (const filter of Object.keys(liquid.filters)) {
    if (!FILTERS.includes(filter)) delete liquid.filters[filter];
  }
  return liquid;
}

/** Without a prototype, so that no placeholder can reach one. */
function scopeOf(values: MessageValues): Record<string, string | null> {
  const scope: Record<string, string | null> = Object.assign(Object.create(null), {
    hashtags: values.hashtags.map((tag) => `#${tag}`).join(' '),
    link: values.link,
    campaign: values.campaign,
  });
  for (const name of SUPPORTER_FIELDS) {
    scope[name] = checkSupporterField(name, values[name] ?? '') || null;
  }
  return scope;
}

function renderParsed(
  parsed: Template[],
  scope: Record<string, string | null>,
  { field, placeholders }: { field: string; placeholders: readonly Placeholder[] },
): string {
  const context = new Context(scope, engine.options, { sync: true }, { liquid: engine });
  let steps = 0;
  // liquidjs asks this before each piece it renders, giving the time; empty loop bodies are asked for, too.
  context.renderLimit.check = () => {
    steps += 1;
    if (steps > MAX_STEPS) throw new Error('template steps limit exceeded');
  };
  const output = attempt(field, () => String(engine.renderSync(parsed, context)));
  const text = output.length > MAX_OUTPUT ? '' : tidy(output);
  const without = SUPPORTER_FIELDS.filter(
    (name) => scope[name] === null && placeholders.includes(name),
  );
  const bad = outputProblem(output.length, text, without);
  if (bad) throw new InputError([{ field, message: bad }]);
  return text;
}

/** `without`: what the template asks for and was not given. */
function outputProblem(length: number, text: string, without: readonly string[]): string | null {
  if (length > MAX_OUTPUT) return `comes out with ${length} characters; shorten it`;
  if (text !== '') return characterProblem(text, 'lines');
  return without.length === 0
    ? 'comes out empty; write some text'
    : `comes out empty when no ${without.join(' and no ')} is given; write some text for that case, too`;
}

function sourceProblem(text: string): string | null {
  if (text.length > MAX_TEMPLATE) {
    return `has ${text.length} characters; ${MAX_TEMPLATE} are the most`;
  }
  return text === '' ? 'is empty; write the text of the post' : characterProblem(text, 'lines');
}

/** @throws InputError naming every placeholder that does not exist, or that is asked for a property. */
function usedPlaceholders(parsed: Template[], field: string): Placeholder[] {
  const { globals } = attempt(field, () => engine.analyzeSync(parsed));
  const problems: FieldProblem[] = [];
  for (const [name, uses] of Object.entries(globals)) {
    for (const use of uses) {
      const path = use.toString();
      const known = PLACEHOLDERS.some((placeholder) => placeholder === name);
      if (known && (path === name || path === `${name}.size`)) continue;
      const hint = known ? '; placeholders have no parts.' : didYouMean(name, PLACEHOLDERS) || '.';
      const { row, col } = use.location;
      problems.push({
        field,
        message: `there is no placeholder \`${path.slice(0, 60)}\` (${placeInText(row, col)})${hint} ${listOfPlaceholders()}`,
      });
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  return PLACEHOLDERS.filter((placeholder) => Object.hasOwn(globals, placeholder));
}

/** Runs a step of liquidjs and turns its errors into ours; anything else is a bug and goes through. */
function attempt<T>(field: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!LiquidError.is(error)) throw error;
    throw new InputError([{ field, message: describe(error as LiquidError) }]);
  }
}

function describe(error: LiquidError): string {
  const [line = 1, column = 1] = error.token.getPosition();
  const said = error.message.replace(/, line:\d+, col:\d+$/, '').replace(/, file:.*$/s, '');
  return `${inOurWords(said)} (${placeInText(line, column)}). ${listOfPlaceholders()}`;
}

function inOurWords(said: string): string {
  if (LIMIT.test(said)) return 'does too much work: shorten its loops, a post needs none';
  const tag = /^tag "(.+)" not found/.exec(said)?.[1];
  if (tag !== undefined) return `has no tag \`${tag}\` to use here; there are ${TAGS.join(', ')}`;
  const filter = /^undefined filter: (.+)/.exec(said)?.[1];
  if (filter !== undefined) return `has no filter \`${filter}\`; there are ${FILTERS.join(', ')}`;
  return `is not a template that can be read: ${said}`;
}

function listOfPlaceholders(): string {
  return `Placeholders are ${PLACEHOLDERS.map((name) => `{{ ${name} }}`).join(', ')}`;
}
