/** Gives back what was made before for the same key, or makes it. For pure work only: nothing is ever made anew. */
export type BoundedMemo<T> = (key: string, make: () => T) => T;

/** Remembers the `most` things made last; the oldest is forgotten first. */
export function createBoundedMemo<T>(maxEntries: number): BoundedMemo<T> {
  const known = new Map<string, T>();
  return (key, make) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make();
    known.set(key, made);
    if (known.size > maxEntries) {
      const [oldest] = known.keys();
      if (oldest !== undefined) known.delete(oldest);
    }
    return made;
  };
}
