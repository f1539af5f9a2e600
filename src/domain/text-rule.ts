/** Why a platform does not take a text, whatever `TextRule.measure` gives for it. */
export interface TextRefusal {
  kind: 'one_cashtag' | 'most_links' | 'most_bytes';
  /** How many of them it takes. */
  most: number;
  /** How many of them the text has. */
  found: number;
  /** For campaigners, in English; supporters are told in their language, by the kind. */
  message: string;
}

/** Why a text is not taken for another reason than its length: by the platform's rule, or by the account's own server. */
export type UnfitText = Omit<TextRefusal, 'message'> | { kind: 'reads_markup' };

/** What a length and a limit are told in: characters, of which a network may weigh some more than others, or bytes of UTF-8. */
export type TextUnit = 'characters' | 'bytes';

/** How a platform counts a text and how much it takes; exported by the platform as data, used by the validator. */
export interface TextRule {
  /** The platform's name, as in the registry. */
  platform: string;
  /** As people call it. */
  label: string;
  /** The most that `measure` may give. */
  limit: number;
  /** The length of a text in the platform's own units. Pure. It says nothing of what `refuses` names. */
  measure(text: string): number;
  /** What `measure` counts; where it says nothing, characters. */
  unit?: TextUnit;
  /** What it counts, where that is not what people take for characters: one sentence for a person who has to shorten a text. */
  counts?: string;
  /**
   * What a content warning before the text adds to its length. Where there is no such method, the platform has no content
   * warnings and is posted to without one.
   */
  measureWarning?(warning: string): number;
  /** The rule besides the length that a text breaks; null where it breaks none. */
  refuses?(text: string): TextRefusal | null;
  /** What is left of a hashtag there, given and returned without its sign; where there is no such method, all of it. */
  hashtagOf?(tag: string): string;
  /** True where a name of the web without `https://` before it stays a text: `end.So`. */
  leavesNames?: true;
  /** The links that the platform itself makes of a text, where that is more than `linksIn` finds. */
  linksIn?(text: string): readonly string[];
}

/** The content warning that stands before a post on this platform; null where it has none. */
export function warningOn(rule: TextRule, warning: string | null): string | null {
  return rule.measureWarning ? warning : null;
}

/** How much of `rule.limit` a post takes: its text, and the content warning before it where the platform has such a thing. */
export function lengthOn(rule: TextRule, text: string, warning: string | null): number {
  const added = warning === null ? 0 : (rule.measureWarning?.(warning) ?? 0);
  return rule.measure(text) + added;
}

/** What a text comes to on a platform: its length there, and the other rule that it breaks. */
export interface TextMeasure {
  length: number;
  limit: number;
  refused?: unknown;
}

/** Whether a platform takes a text: it is not too long, and breaks no other rule. */
export function isTaken({ length, limit, refused }: TextMeasure): boolean {
  return length <= limit && (refused === undefined || refused === null);
}
