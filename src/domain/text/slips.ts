import { hashtagsIn } from './hashtags.ts';
import { linksIn, replaceLinks } from './links.ts';
import type { WritingSystem } from './scripts.ts';
import { placeInText } from './text-place.ts';

const HASHTAG_MEANT = /[#＃][\p{L}\p{M}\p{N}_]*\p{L}[\p{L}\p{M}\p{N}_]*/gu;
const MENTION_FIRST = /^\.?@[\p{L}\p{N}_][\p{L}\p{N}_.-]*/u;

/** An account's name behind its sign, not an e-mail address. */
const MENTION = /(?<![\p{L}\p{M}\p{N}_.@/-])@[A-Za-z_][\w.-]*(?:@[\w.-]*\w)?/gu;

/**
 * What networks make of a text that its author may not have meant, in words that say what to write. `text` is a message as it will be
 * posted, `link` the campaign's own; places are those in `source`, its template.
 */
export function slipWarnings(text: string, source: string, link: string): string[] {
  const mention = MENTION_FIRST.exec(text)?.[0];
  return [
    ...bareLinkWarnings(text, source, link),
    ...brokenHashtags(text, source),
    ...mentionWarnings(text.slice(mention?.length ?? 0), source),
    ...(mention === undefined
      ? []
      : [
          `begins with "${mention}": X shows such a post as an answer, to those alone who follow both; begin with another word`,
        ]),
  ];
}

/** The names in a text that become links without a scheme before them, each once, and where those lead. */
export function namesThatLink(text: string): { name: string; url: string }[] {
  const found = linksIn(text).filter((one) => !one.hasScheme);
  const names = [...new Set(found.map((one) => one.text))];
  return names.map((name) => ({ name, url: `https://${name.toLowerCase()}` }));
}

/** As `slipWarnings`, of links alone: a name of the web without a scheme is a link, too: a missing blank behind a full stop makes one. */
export function bareLinkWarnings(text: string, source: string, link: string): string[] {
  const own = URL.canParse(link) ? new URL(link).host : '';
  const found = namesThatLink(text).filter(({ name }) => !name.toLowerCase().startsWith(own));
  return found.map(
    ({ name, url }) =>
      `"${name}"${findPosition(name, source)} becomes a link to ${url}; put a blank behind the full stop, or write https:// before it where that site is meant`,
  );
}

/** The same post goes out on every network, and each has its own accounts. */
function mentionWarnings(text: string, source: string): string[] {
  const found = replaceLinks(text, ' ').match(MENTION) ?? [];
  return [...new Set(found.map((name) => name.replace(/[.-]+$/, '')))].map(
    (name) =>
      `"${name}"${findPosition(name, source)} is somebody else on each network, or nobody; leave the @ out where that is not meant`,
  );
}

function brokenHashtags(text: string, source: string): string[] {
  const words = replaceLinks(text, ' ');
  const found = hashtagsIn(words);
  const broken = [...words.matchAll(HASHTAG_MEANT)].filter(
    ({ 0: tag, index }) =>
      !found.some(({ start, end }) => start < index + tag.length && index < end),
  );
  return [...new Set(broken.map(([tag]) => tag))].map(
    (tag) =>
      `"${tag}"${findPosition(tag, source)} is no hashtag beside what stands before it; put a blank before it`,
  );
}

/** Nothing where it does not stand in the template itself. */
function findPosition(piece: string, source: string): string {
  const at = source.indexOf(piece);
  return at < 0 ? '' : ` (${placeInText(source.slice(0, at).split('\n').length)})`;
}

/** One pair of quotation marks around everything, and none within. */
const QUOTED_WHOLE = /^(["“„«‹「『])[^"“”„«»‹›「」『』]+(["”“»›」』])$/u;

/** What a text is told that stands within quotation marks as a whole, as a word processor makes them of those of YAML; or null. */
export function quotedWholeWarning(text: string, verb: 'posted' | 'shown'): string | null {
  const [, open, close] = QUOTED_WHOLE.exec(text) ?? [];
  return open === undefined
    ? null
    : `stands within ${open} ${close} as a whole, which are ${verb} with it; if they only mark where it begins and ends, leave them out`;
}

/** What a text in other letters than its language's is told, or null. Of one without any letter nothing is said. */
export function otherLettersWarning(text: string, script: WritingSystem | null): string | null {
  const words = replaceLinks(text, ' ').replace(/[#＃@]\S+|\{\{.*?\}\}|\{%.*?%\}/gsu, ' ');
  if (script === null || !/\p{L}/u.test(words) || script.letter.test(words)) return null;
  return `has not one letter of its language (${script.name}); is it the text of another one?`;
}
