/** One thing wrong in a YAML file: what it is, how many UTF-16 units into the text, and what to do about it. */
export interface YamlFault {
  problem: string;
  at: number;
  mend: string;
}

/** What mends nearly every text that YAML reads as something else. */
export const QUOTE_IT =
  'put the text within quotes, or write | there and the text on the lines below, further in';

export const LEAVE_TYPE_OUT = `leave the word with the ! out; if it is part of a text, ${QUOTE_IT}`;

/** What YAML makes of a colon in a text. */
export const BEGINS_FIELD =
  'the text holds a colon and a blank, with which YAML begins another field';

export const OPENS_MAPPING = 'the text begins with {, which opens a mapping in YAML';

export const OPENS_LIST = 'the text begins with [, which opens a list in YAML';

export const STANDS_FOR_ANOTHER = 'the text begins with *, which stands for another value in YAML';
