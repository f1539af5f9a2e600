/** One thing wrong in a YAML file: what it is, how many UTF-16 units into the text, and what to do about it. */
export interface YamlFault {
  said: string;
  at: number;
  mend: string;
}

/** What mends nearly every text that YAML reads as something else. */
export const QUOTE_IT =
  'put the text within quotes, or write | there and the text on the lines below, further in';

export const OPENS_MAPPING = 'the text begins with {, which opens a mapping in YAML';
