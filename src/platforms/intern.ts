/**
 * Gives the first of texts that are the same, so that one of them is kept: a burst holds a hundred thousand bodies, and most
 * campaigns say a few things. `most`: so many are known at a time.
 */
export function createIntern(most = 256): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const first = known.get(text);
    if (first !== undefined) return first;
    if (known.size >= most) known.clear();
    known.set(text, text);
    return text;
  };
}
