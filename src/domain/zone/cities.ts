import { CITY_NAMES } from './city-names.ts';

const [header = '', ...rows] = CITY_NAMES.trim().split('\n');
const [, ...languages] = header.split('\t');
const cities = new Map(
  rows.map((row) => {
    const [zone = '', ...names] = row.split('\t');
    return [zone, names];
  }),
);

/** What a time zone is called after, in a language of the interface: Europe/Moscow is Москва. Null where it is no place. */
export function cityName(zone: string, locale: string): string | null {
  return cities.get(zone)?.[languages.indexOf(locale)] ?? null;
}

/** The zones, each with what it is called after in all languages of the interface. */
export function citiesByZone(): ReadonlyMap<string, readonly string[]> {
  return cities;
}
