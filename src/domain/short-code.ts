/** No vowels, so that no word comes of it; nothing that is taken for a figure or for another letter. */
const LETTERS = 'bcdfghjkmnpqrstvwxz';
const LENGTH = 6;

/** A code for a short link: 47 million there are. @param below A whole number from 0 on, smaller than what it is given. */
export function makeShortCode(below: (bound: number) => number): string {
  return Array.from({ length: LENGTH }, () => LETTERS.charAt(below(LETTERS.length))).join('');
}

/** The code as it was given out, however it was typed; null where it can be none. */
export function readShortCode(typed: string): string | null {
  const code = typed.toLowerCase();
  return code.length === LENGTH && [...code].every((letter) => LETTERS.includes(letter))
    ? code
    : null;
}
