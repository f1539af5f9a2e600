/** Codes of ISO 639-2 for no one language: what each stands for, and the mend. */
const NONE: Readonly<Record<string, string>> = {
  und: 'it stands for a language that is not known; write the one it is, such as en or pt-BR',
  mul: 'it stands for several languages at once; list each by its own, such as en, fr',
  mis: 'it stands for a language that has no code; write one like en or pt-BR',
  zxx: 'it stands for what is in no language; write one like en or pt-BR',
};

/** Groups and families of languages: ISO 639-5, but for `nah`, which its speakers use as a language. */
const GROUPS = new Set(
  (
    'aav afa alg alv apa aqa aql art ath auf aus awd azc bad bai bat ber bnt btk cai cau cba ccn ccs cdc cdd cel cmc cpe cpf cpp ' +
    'crp csu cus day dmn dra egx esx euq fiu fox gem gme gmq gmw grk him hmx hok hyx iir ijo inc ine ira iro itc jpx kar kdo khi ' +
    'kro map mkh mno mun myn nai ngf nic nub omq omv oto paa phi plf poz pqe pqw pra qwe roa sai sal sdv sem sgn sio sit sla smi ' +
    'son sqj ssa syd tai trk tup tut tuw urj wak wen xgn xnd ypk zhx zle zls zlw znd'
  ).split(' '),
);

/** Why a well-formed code of a language names none that a text can be in, with the mend; null where it names one. */
export function noLanguage(code: string): string | null {
  const known = Object.hasOwn(NONE, code) ? NONE[code] : undefined;
  if (known !== undefined) return `names no language: ${known}`;
  if (/^q[a-t][a-z]$/.test(code)) {
    return 'names no language that others know: qaa to qtz are for private use; write one like en or pt-BR';
  }
  return GROUPS.has(code)
    ? 'names no single language: it stands for a group of them; write the one it is, such as en or pt-BR'
    : null;
}

/** Codes that were given up for several others (IANA's registry): what each was, and what to write. */
export const DIVIDED: Readonly<Record<string, string>> = {
  sh: 'was the code for Serbo-Croatian and was given up; write sr-Latn, hr or bs',
  hbs: 'is the code for Serbo-Croatian, which no browser asks for; write sr-Latn, hr or bs',
};

/** Languages of a country that no data gives by their own names. */
export const OWN_LANGUAGES: Readonly<Record<string, string>> = {
  me: 'Montenegrin is sr-ME, Serbian is sr',
};

/**
 * Codes of languages that are far more often meant as the country of the same letters. Those who write in them say where (`br-FR`,
 * `se-NO`). No data tells which of two meanings people have in mind, so these are a list.
 */
export const MISTAKEN = 'ae ba br ch cu ee ie kr kw lu ng sa se sg tn ve za'.split(' ');

/** Regions and scripts that Unicode has names for that are no place or writing: private, unknown, for tests, organisations. */
export const NO_REGIONS = ['ZZ', 'XA', 'XB', 'QO', 'EZ', 'UN'];
export const NO_SCRIPTS = ['Zzzz', 'Zxxx', 'Zyyy', 'Zinh', 'Zsym', 'Zsye', 'Zmth'];

/**
 * Codes of single languages that CLDR keeps under their macrolanguage's (supplemental languageAlias, reason "macrolanguage"): `kmr`,
 * Kurmanji, is `ku`. Nothing is old or wrong about them, so they are taken and kept as it has them.
 */
export const MACROLANGUAGE_MEMBERS: ReadonlySet<string> = new Set(
  (
    'als arb ayr azj bcl bxr cmn cwd dgo dhd dik diq ekk emk fat gaz gno gom gug ike khk kmr knc kng kpv lvs mhr mup npi ojg ory ' +
    'pbu pes plt pnb prs quz rmy src swh uzn ydd zsm'
  ).split(' '),
);
