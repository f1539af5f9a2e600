/** What people paste where a signed event is asked for, as it comes from clients, chats and editors. */

/** NIP-19 `nsec`, NIP-49 `ncryptsec`; and fields in which tools print a key. */
const SECRET =
  /\b(?:nsec|ncryptsec)1[02-9ac-hj-np-z]{20,}|"(?:nsec|sk|seckey|privkey|private_?key|secret_?key)"\s*:/i;
/** A key, or something that only looks like one: 32 bytes as hex and nothing else. */
const BARE_KEY = /^[0-9a-f]{64}$/i;
/** NIP-06: words of which a key can be made. */
const SEED_WORDS = /^[a-z]{3,8}(?:\s+[a-z]{3,8}){11,23}$/;

/** Whether a private key, or what one can be made of, is in what was pasted: it is neither kept nor shown then. */
export function holdsPrivateKey(pasted: string): boolean {
  const text = pasted.trim();
  return SECRET.test(text) || BARE_KEY.test(text) || SEED_WORDS.test(text);
}

/** A code block of Markdown, with or without the name of a language. */
const FENCE = /^```[\w-]*\s*([\s\S]*?)\s*```$/;
const CURLY = /[“”„‟«»]/g;
/** Blanks that JSON does not know as such. */
const WIDE_BLANKS = /[\u00a0\u2007\u202f\ufeff]/g;

/**
 * The value of a JSON text, without the wrappings that change nothing of it. `quotes`: it would be one but for its quotation marks.
 * `not_json`: it is none.
 */
export function parsePasted(pasted: string): { value: unknown } | 'not_json' | 'quotes' {
  const trimmed = pasted.replace(/^\ufeff/, '').trim();
  const text = FENCE.exec(trimmed)?.[1] ?? trimmed;
  const read = parse(text) ?? parse(text.replace(WIDE_BLANKS, ' '));
  if (read) return { value: unwrap(read.value) };
  return parse(text.replace(CURLY, '"').replace(WIDE_BLANKS, ' ')) ? 'quotes' : 'not_json';
}

function parse(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** NIP-01: `["EVENT", event]`, as it goes to relays, or `["EVENT", id, event]`, as it comes from them. */
function unwrap(value: unknown): unknown {
  if (!Array.isArray(value) || value[0] !== 'EVENT') return value;
  return value.at(-1);
}
