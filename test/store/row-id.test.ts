import { describe, expect, it } from 'vitest';
import { newRowId } from '../../src/store/row-id.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('the id of a row', () => {
  const ids = Array.from({ length: 20_000 }, newRowId);

  it('is a UUID of version 8, and never the same', () => {
    expect(ids.filter((id) => !UUID.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('lies beside those made just before, in groups that begin by chance', () => {
    const groups = new Map<string, number>();
    for (const id of ids) groups.set(id.slice(0, 13), (groups.get(id.slice(0, 13)) ?? 0) + 1);
    // The first group may have been begun by others in this process, and the last is not full yet.
    const [first = 0, ...others] = groups.values();
    const last = others.pop() ?? 0;
    expect(others).toEqual(others.map(() => 4_096));
    expect(others.length).toBeGreaterThanOrEqual(3);
    expect(Math.max(first, last)).toBeLessThanOrEqual(4_096);
    const order = [...groups.keys()];
    expect(new Set(order.map((prefix) => prefix.slice(0, 8))).size).toBe(order.length);
  });
});
