import { Type } from 'typebox';

/** The schema of a time in JSON. */
export function Instant(description = 'A time') {
  return Type.String({ format: 'date-time', description: `${description}; RFC 3339, UTC` });
}

/** The same, where there may be none. */
export function InstantOrNull(description: string) {
  return Type.Union([Type.Null(), Instant(description)], { description });
}
