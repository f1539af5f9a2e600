/**
 * Chance that can be repeated. A draw depends on the seed and on what it is drawn for (say, "the second
 * post of this account"), never on the order in which requests happen to arrive, so a run with the same
 * seed and the same people meets the same faults however the network interleaves them.
 */
export function draw(seed: number, salt: string, subject: string, nth: number): number {
  let hash = 0x811c9dc5 ^ seed;
  hash = fold(hash, salt);
  hash = fold(hash, subject);
  hash = Math.imul(hash ^ nth, 0x01000193);
  return finish(hash) / 0x1_0000_0000;
}

/** Log-normal: half of all draws lie below the median, and `sigma` is the spread of the logarithm. */
export function logNormal(median: number, sigma: number, u1: number, u2: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - u1));
  return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * u2));
}

/** FNV-1a over UTF-16 units. */
function fold(start: number, text: string): number {
  let hash = start;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash;
}

/** The finalizer of MurmurHash3: without it neighbouring inputs give neighbouring draws. */
function finish(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
