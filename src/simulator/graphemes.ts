const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Graphemes as servers count them whose libraries are older than Unicode 15.1: between letters of an Indian script there is
 * always a break, as in क्ष.
 */
export function graphemesOf(text: string): number {
  return text
    .split(/(?<=[\p{M}\u200d])(?=\p{L})/u)
    .reduce((sum, piece) => sum + [...segmenter.segment(piece)].length, 0);
}
