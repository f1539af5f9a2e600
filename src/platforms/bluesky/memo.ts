/** Remembers what was learnt of a server for a while, and asks once where many come at the same time. */
export type Memo<T> = (key: string, learn: () => Promise<T>) => Promise<T>;

/** Failures are not remembered. `most`: entries; the oldest go first. */
export function createMemo<T>(lifeMs: number, most: number): Memo<T> {
  const known = new Map<string, { until: number; value: Promise<T> }>();
  return (key, learn) => {
    const entry = known.get(key);
    if (entry && entry.until > performance.now()) return entry.value;
    known.delete(key);
    if (known.size >= most) known.delete(known.keys().next().value as string);
    const value = learn();
    const fresh = { until: performance.now() + lifeMs, value };
    known.set(key, fresh);
    value.catch(() => {
      if (known.get(key) === fresh) known.delete(key);
    });
    return value;
  };
}
