import { describe, expect, test } from 'vitest';
import { zoneProblem } from '../../src/domain/zone/zone-advice.ts';
import { RUNTIME_RULES, zoneSpelling } from '../../src/domain/zone/zone-rules.ts';
import { MAIN_ZONE_BY_COUNTRY } from '../../src/domain/zone-largest.ts';

const advice = (name: string) => zoneProblem(name, null);

describe('C9 a zone by the name of a region, of several places or in another script', () => {
  test.each([
    ['Europe/Berlin', 'Bayern, Bavaria, Baden-Württemberg, Sachsen, NRW'],
    ['Europe/London', 'UK, Scotland, Schottland, England, Großbritannien, Великобритания, Wales'],
    ['Europe/Kyiv', 'за Києвом, за Львовом, за Харковом, по Киеву'],
    ['Europe/Madrid', 'Catalunya, Katalonien, Euskadi, País Vasco'],
    ['Europe/Belgrade', 'Pristina, Prishtina, Kosova'],
    ['America/Toronto', 'Québec, Canada, Kanada, کانادا, HNE'],
    ['America/New_York', 'America/Washington, USA, U.S., DC, NYC'],
    ['America/Sao_Paulo', 'Brazil, Brasil, Бразилія'],
    ['America/Mexico_City', 'CDMX, Mexico'],
    ['Asia/Tbilisi', 'თბილისი, საქართველო, Վրաստան'],
    ['Asia/Yerevan', 'Երևան, Հայաստան'],
    ['Asia/Bangkok', 'กรุงเทพ, ไทย'],
    ['Asia/Phnom_Penh', 'ភ្នំពេញ, កម្ពុជា'],
    ['Asia/Kolkata', 'சென்னை, இந்தியா, Chennai'],
    ['Africa/Addis_Ababa', 'አዲስ አበባ, ኢትዮጵያ'],
    ['Asia/Karachi', 'کراچی, پاکستان'],
    ['Asia/Yekaterinburg', 'MSK+2, МСК+2'],
    ['Asia/Kamchatka', 'мск+9'],
  ])('%s: %s', (wanted, names) => {
    for (const name of names.split(', ')) {
      expect(advice(name), name).toContain(`did you mean ${wanted}`);
    }
  });

  test.each([
    ['CET/CEST', 'Europe/Berlin or Europe/Paris or Europe/Warsaw'],
    ['Berlin, Paris', 'Europe/Berlin or Europe/Paris'],
    ['Kyiv (EET)', 'Europe/Kyiv or Europe/Bucharest or Africa/Cairo'],
    [
      '(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna',
      'Europe/Amsterdam or Europe/Berlin or Europe/Zurich',
    ],
    ['Kiev', 'Europe/Kyiv?'],
    ['Crimea', 'Europe/Kyiv or Europe/Simferopol'],
  ])('%s is %s', (name, wanted) => expect(advice(name)).toContain(`did you mean ${wanted}`));

  test.each(['Ost', 'EU', 'Sud', 'Sibirien', 'America/Whatever', 'ABC/DEF', 'x, y'])(
    'guesses nothing for %s',
    (name) => expect(advice(name)).toContain('; name a large city there as IANA does'),
  );

  test.each(['CET+1', 'UTC−3', 'GMT–2', 'EST-1', 'MSK+12', 'Z+3'])('%s is an offset', (name) =>
    expect(advice(name)).toContain('is an offset from UTC'),
  );

  test('names zones that there are', () => {
    for (const zone of Object.values(MAIN_ZONE_BY_COUNTRY)) {
      expect(zoneSpelling(RUNTIME_RULES, zone), zone).not.toBeNull();
    }
  });
});
