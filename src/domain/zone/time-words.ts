/**
 * What people put around the name of a place to say that its time is meant, and what joins the two, in the languages of the interface
 * and in those of places that keep one time and call it by their name.
 */
const WORDS =
  'time times standard summer winter daylight clock local in of at the to ' +
  'heure heures normale legale locale ete hiver de du des d la le l ' +
  'ora ore orario solare legale di del della dell ' +
  'hora horas horario oficial verano invierno del el da do ' +
  'zeit uhrzeit ortszeit normalzeit sommerzeit winterzeit uhr nach von ' +
  'время времени времен стандартное летнее зимнее по в на ' +
  'час часу часом за у ' +
  'توقيت بتوقيت التوقيت وقت الوقت بوقت ساعة ساعت به الصيفي الشتوي المحلي ' +
  'saati saat czas czasu שעון זמן समय';

/** The same where no blank stands before it. */
const ENDINGS = '标准时间 標準時間 标准时 標準時 时间 時間 夏令時 夏令时 표준시 시간';

/** As names of places are compared, without accents. */
const known = new Set(folded(WORDS).split(' '));
const ending = new RegExp(`(?:${folded(ENDINGS).split(' ').join('|')})$`, 'u');

/** `北京` of `北京时间`, `moskauer` of `Moskauer Zeit`: what is left, folded; null where no such word is in it, or nothing else. */
export function placeInTime(name: string): string | null {
  const words = folded(name)
    .replace(ending, '')
    .split(/[\s'’]+/);
  const rest = words.filter((word) => !known.has(word)).join(' ');
  return rest === '' || rest === folded(name) ? null : rest;
}

/** Without accents, case and joining signs: `São_Paulo` and `sao paulo` are one. */
export function folded(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[_\s-]+/g, ' ')
    .trim()
    .toLowerCase();
}

/** Letters of a name that stay when another word is made of it, and how many of its last ones may go. */
const STEM = 4;
const MAY_GO = 2;

/** The names that an adjective is made of (`moskauer`, `московское`, `parisienne`), the longest first. */
export function namesBehind(word: string, names: Iterable<string>): string[] {
  const found: { name: string; shared: number }[] = [];
  for (const name of names) {
    let shared = 0;
    while (shared < name.length && name[shared] === word[shared]) shared += 1;
    if (shared >= Math.max(STEM, name.length - MAY_GO)) found.push({ name, shared });
  }
  const most = Math.max(...found.map(({ shared }) => shared));
  return found.filter(({ shared }) => shared === most).map(({ name }) => name);
}
