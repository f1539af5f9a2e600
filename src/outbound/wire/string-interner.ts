/**
 * Gives the first of texts that are the same, so that one of them is kept: a burst holds a hundred thousand bodies, and most
 * campaigns say a few things. `most`: how many are remembered at a time.
 */
export function createStringInterner(most = 256): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const first = known.get(text);
    if (first !== undefined) return first;
    if (known.size >= most) known.clear();
    known.set(text, text);
    return text;
  };
}
