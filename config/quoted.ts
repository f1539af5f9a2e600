/** Characters of a value that are repeated in a message. */
const MAX_QUOTED_LENGTH = 80;

/** A value in quotation marks, on one line, as it goes into a message. Never for what is or holds a secret. */
export function quoted(value: string): string {
  return JSON.stringify(
    value.length > MAX_QUOTED_LENGTH ? `${value.slice(0, MAX_QUOTED_LENGTH)}…` : value,
  );
}
