/**
 * How titles are written in plain Latin letters for a slug, where `@sindresorhus/slugify` does it in another language's way or drops the
 * letter. Each table is `letters=Latin letters`, in lower case; `^` stands for the beginning of a word, `$` for its end.
 */

/** What is written alike in every language that has it and no table of its own. */
const COMMON =
  'щ=shch ә=a ғ=g қ=q ң=n ө=o ұ=u ү=u һ=h ҳ=h ҷ=j ҹ=j җ=j ҡ=k ҙ=z ҫ=s ҥ=n ҕ=g ҝ=k ҟ=q ҩ=o ҭ=t ҵ=ts ҽ=ch ј=j ѕ=dz ѓ=gj ќ=kj ' +
  'ђ=dj ћ=c џ=dz ѣ=e ŋ=n ŧ=t ƙ=k ƴ=y ɓ=b ɗ=d ɖ=d ɛ=e ɔ=o ɣ=g ɩ=i ʋ=v ɲ=n ʒ=z ǝ=e ƒ=f l·l=ll';
/** The Georgian national system of 2002, without its apostrophes. */
const GEORGIAN = 'ქ=k ყ=q ჭ=ch';
const ARMENIAN = '^ե=ye ե=e ^ո=vo ո=o ու=u եւ=ev ւ=v ց=ts';
const WITHOUT_UMLAUTS = 'ä=a ö=o ü=u';
const NORDIC = `${WITHOUT_UMLAUTS} å=aa ø=oe`;
/** As in Serbian Latin without its marks, so that both alphabets of a title give one slug. */
const SERBIAN = 'ђ=dj ж=z љ=lj њ=nj ћ=c ч=c џ=dz ш=s х=h ц=c ј=j đ=dj';
/** Cabinet of Ministers of Ukraine, resolution 55 of 2010. An apostrophe within a word is left out. */
const UKRAINIAN =
  "зг=zgh г=h ґ=g ^є=ye є=ie и=y і=i ^ї=yi ї=i ^й=y й=i х=kh щ=shch ^ю=yu ю=iu ^я=ya я=ia ’= '= ʼ=";
const BELARUSIAN = "г=h ^ё=yo ё=io і=i й=i ў=u х=kh ^ю=yu ю=iu ^я=ya я=ia ’= '= ʼ=";
/** Bulgaria's Transliteration Act of 2009. */
const BULGARIAN = 'щ=sht ъ=a ь=y х=h ия$=ia';
const MACEDONIAN = 'ѓ=gj ж=zh ѕ=dz ј=j љ=lj њ=nj ќ=kj х=h ц=c џ=dzh';
/** ELOT 743 (ISO 843), without the double letters that only names need. */
const GREEK = `${diphthongs()} ου=ou γγ=ng γξ=nx γχ=nch ^μπ=b η=i υ=y ϋ=y χ=ch ξ=x`;

const BY_LANGUAGE: Readonly<Record<string, string>> = {
  ...{ uk: UKRAINIAN, be: BELARUSIAN, bg: BULGARIAN, mk: MACEDONIAN, el: GREEK },
  ...{ sr: SERBIAN, bs: `${SERBIAN} ${WITHOUT_UMLAUTS}`, hr: SERBIAN },
  ...{ da: NORDIC, nb: NORDIC, nn: NORDIC, no: NORDIC },
  az: `ə=e ${WITHOUT_UMLAUTS}`,
  uz: `ў=o ${WITHOUT_UMLAUTS}`,
  // German is written as the package does it: ä is ae.
  ...{ de: '', gsw: '', nds: '', lb: '' },
};

/** Letters that only one of the languages with Cyrillic letters has, for titles in another language than their campaign's first. */
const TELLING: readonly (readonly [letters: RegExp, language: string])[] = [
  [/[їєґ]/, 'uk'],
  [/ў/, 'be'],
  [/[ђћ]/, 'sr'],
  [/[ѓќѕ]/, 'mk'],
  [/\p{Script=Greek}/u, 'el'],
];
const CYRILLIC = /^(?:uk|be|bg|sr|mk|ru|kk|ky|mn|tg|tt|ba|cv|uz|bs)$/;

type Table = ReadonlyMap<string, string>;
const tables = new Map<string, Table>();
const MAX_LETTERS = 3;

/** A title in small letters, with every letter that a table has written in Latin ones. `language`: as in `uk` or `sr`. */
export function spellOut(title: string, language: string): string {
  const small = title.normalize('NFKC').toLowerCase();
  const told = TELLING.find(([letters]) => letters.test(small))?.[1];
  const own = CYRILLIC.test(language) ? language : (told ?? language);
  const table = tableFor(own);
  const plain = own === 'el' ? withoutTonos(small) : small;
  return plain.replace(/[\p{L}\p{M}·’'ʼ]+/gu, (word) => spellWord(word, table));
}

function tableFor(language: string): Table {
  const known = tables.get(language);
  if (known) return known;
  const own = Object.hasOwn(BY_LANGUAGE, language) ? BY_LANGUAGE[language] : WITHOUT_UMLAUTS;
  const pairs = `${COMMON} ${GEORGIAN} ${ARMENIAN} ${own}`.split(' ').filter((one) => one !== '');
  const table = new Map(pairs.map((pair) => pair.split('=', 2) as [string, string]));
  tables.set(language, table);
  return table;
}

function spellWord(word: string, table: Table): string {
  let spelt = '';
  let at = 0;
  while (at < word.length) {
    const { length, written } = pieceAt(word, at, table);
    spelt += written;
    at += length;
  }
  return spelt;
}

/** The longest piece that the table has there, else the one letter as it is. */
function pieceAt(word: string, at: number, table: Table): { length: number; written: string } {
  for (let length = MAX_LETTERS; length > 0; length -= 1) {
    const piece = word.slice(at, at + length);
    const first = at === 0 ? table.get(`^${piece}`) : undefined;
    const last = at + length === word.length ? table.get(`${piece}$`) : undefined;
    const written = first ?? last ?? table.get(piece);
    if (piece.length === length && written !== undefined) return { length, written };
  }
  return { length: 1, written: word.slice(at, at + 1) };
}

/** The accent says nothing here; a diaeresis parts two vowels and stays, as `ϋ`; of `ϊ` the package makes an i. */
function withoutTonos(text: string): string {
  return text
    .normalize('NFD')
    .replace(/(?!\u0308)\p{M}/gu, '')
    .normalize('NFC');
}

/** `αυ`, `ευ`, `ηυ`: with f before a voiceless letter and at the end of a word, else with v. */
function diphthongs(): string {
  const vowels = { α: 'a', ε: 'e', η: 'i' };
  const voiceless = 'θ=th κ=k ξ=x π=p σ=s ς=s τ=t φ=f χ=ch ψ=ps'.split(' ');
  return Object.entries(vowels)
    .flatMap(([letter, latin]) => [
      `${letter}υ=${latin}v ${letter}υ$=${latin}f`,
      ...voiceless.map((pair) => `${letter}υ${pair.replace('=', `=${latin}f`)}`),
    ])
    .join(' ');
}
