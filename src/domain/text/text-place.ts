/** Where in a text of several lines something stands, as every message says it. Line and column count from 1. */
export function placeInText(line: number, column?: number): string {
  return `line ${line} of this text${column === undefined ? '' : `, column ${column}`}`;
}

/** What `placeInText` writes: its line, and its column if there is one. */
export const PLACE_IN_TEXT = /line (\d+) of this text(?:, column (\d+))?/g;
