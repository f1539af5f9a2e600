import { lookalikeIn } from './lookalike.ts';

/** How many letters two words differ by, counting a swap of neighbours as one (Damerau, restricted). */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/**
 * The known words nearest to one that was mistyped, best first, at most `count`. Case does not matter.
 * Empty when none is near, by `most` letters: a far-fetched guess misleads. Words over 60 characters are not looked at.
 */
export function nearest(
  word: string,
  known: readonly string[],
  count = 1,
  most = Math.max(1, Math.floor(word.length / 3)),
): string[] {
  if (word.length > 60) return [];
  const wanted = word.toLowerCase();
  return known
    .filter((name) => Math.abs(name.length - word.length) <= most)
    .map((name) => ({ name, far: distance(wanted, name.toLowerCase()) }))
    .filter(({ far }) => far <= most)
    .sort((a, b) => a.far - b.far)
    .slice(0, count)
    .map(({ name }) => name);
}

/**
 * "; did you mean `fr`?", or nothing when no known word is near. Of a letter that only looks Latin it says which one it is. To be
 * put behind a message.
 */
export function didYouMean(word: string, known: readonly string[]): string {
  const lookalike = lookalikeIn(word);
  const [latin] = lookalike ? nearest(lookalike.latin, known) : [];
  if (lookalike && latin !== undefined) return `; ${lookalike.description}, write \`${latin}\``;
  const [near] = nearest(word, known);
  return near === undefined ? '' : `; did you mean \`${near}\`?`;
}
