import { domainToUnicode } from 'node:url';
import { lookalikeIn } from '../lookalike.ts';

/**
 * Names of sites that can be taken for others, after UTS #39 (mixed scripts, whole-script confusables), as browsers do it before they
 * show a name in its own letters.
 */

/** Of letters in none of these only the words differ: `another script`. */
const SCRIPTS = (
  'Latin Cyrillic Greek Armenian Georgian Cherokee Coptic Hebrew Arabic Han Hiragana Katakana Hangul Bopomofo Thai Lao Khmer ' +
  'Myanmar Tibetan Ethiopic Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala'
)
  .split(' ')
  .map((name) => ({ name, letters: new RegExp(`\\p{Script=${name}}`, 'u') }));

/** Writings that are of several scripts and have Latin letters among them (UTS #39, 5.2, "Highly Restrictive"). */
const TOGETHER = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
];

/** Labels of nothing but letters that look the same as Latin ones in small letters, in one script each. */
const SAME =
  /^[-\d]*(?:[асԁеһіјӏорԛѕԝхуѵү][-\d]*)+$|^[-\d]*(?:[ονριυα][-\d]*)+$|^[-\d]*(?:[հոսցօզյ][-\d]*)+$|^[-\d]*(?:\p{Script=Cherokee}[-\d]*)+$/u;
/** Countries in whose names such letters are at home. */
const AT_HOME = /\.(?:ba|bg|by|eu|kg|kz|me|mk|mn|rs|ru|su|tj|ua|uz|gr|cy|am)$/;

/** A name of a site that can be taken for another one, or that browsers do not show as it is written. */
export interface OddHost {
  /** In its own letters: exаmple.org. */
  shown: string;
  /** As it is in DNS: xn--exmple-4nf.org. */
  punycode: string;
  /** What is odd: `whose "exаmple" mixes Latin and Cyrillic letters`. */
  description: string;
  /** The name in Latin letters that it looks like, or null. */
  latin: string | null;
}

/** Null for a name that is what it looks like. `host`: as URL gives it, in lower case and punycode. */
export function oddHost(host: string): OddHost | null {
  if (!/(?:^|\.)xn--/.test(host)) return null;
  const shown = domainToUnicode(host);
  const labels = shown.split('.');
  const isAtHome = AT_HOME.test(host) || !/^[a-z]+$/.test(labels.at(-1) ?? '');
  for (const [index, label] of labels.entries()) {
    const says = mixProblem(label) ?? (isAtHome ? null : wholeProblem(label));
    if (says === null) continue;
    const latin = lookalikeIn(label)?.latin.toLowerCase();
    const name = latin === undefined ? null : labels.with(index, latin).join('.');
    return { shown, punycode: host, description: says, latin: name };
  }
  return null;
}

function mixProblem(label: string): string | null {
  const scripts = scriptsIn(label);
  const phonetic = /[ɑɡ]/.test(label) ? lookalikeIn(label)?.description : undefined;
  if (phonetic !== undefined)
    return `whose "${label}" is not in ordinary Latin letters: ${phonetic}`;
  if (scripts.length < 2 || TOGETHER.some((set) => scripts.every((one) => set.includes(one)))) {
    return null;
  }
  const first = lookalikeIn(label)?.description;
  const which = first === undefined ? '' : `: ${first}`;
  return `whose "${label}" mixes ${scripts.join(' and ')} letters${which}`;
}

function wholeProblem(label: string): string | null {
  const latin = SAME.test(label) ? lookalikeIn(label)?.latin : undefined;
  if (latin === undefined) return null;
  return `whose "${label}" looks like "${latin}" and is in ${scriptsIn(label).join(' and ')} letters`;
}

function scriptsIn(label: string): string[] {
  const letters = label.match(/[\p{L}\p{M}]/gu) ?? [];
  const scripts = letters.map((letter) => {
    if (/\p{Script=Inherited}|\p{Script=Common}/u.test(letter)) return null;
    return SCRIPTS.find((script) => script.letters.test(letter))?.name ?? 'other';
  });
  return [...new Set(scripts)].filter((name) => name !== null);
}

/** Why an address leads to a site that can be taken for another, with the mend; null for one that is what it looks like. */
export function lookalikeHostProblem(link: string): string | null {
  if (!URL.canParse(link) || isInPunycode(link)) return null;
  const { hostname } = new URL(link);
  if (!/(?:^|\.)xn--/.test(hostname)) {
    return `writes the name of its site in letters that browsers change; write ${hostname}`;
  }
  const odd = oddHost(hostname);
  if (!odd) return null;
  const mend =
    odd.latin === null
      ? `if that is the site that is meant, write ${odd.punycode}`
      : `write ${odd.latin}, or ${odd.punycode} if that is the site that is meant`;
  return `leads to "${odd.shown}", ${odd.description}; browsers show it as ${odd.punycode}; ${mend}`;
}

/** The same of one that was written in punycode, so that it may be meant. */
export function lookalikeHostWarning(link: string): string | null {
  const odd = URL.canParse(link) ? oddHost(new URL(link).hostname) : null;
  if (!odd || !isInPunycode(link)) return null;
  const other = odd.latin === null ? '' : `; it is another site than ${odd.latin}`;
  return `leads to ${odd.punycode}, which is "${odd.shown}", ${odd.description}${other}`;
}

function isInPunycode(link: string): boolean {
  const [, host = ''] = /^[a-z]+:\/*([^/?#]*)/i.exec(link) ?? [];
  return /^[\x21-\x7e]*$/.test(host);
}
