import { ConfigurationError } from '../src/domain/errors.ts';
import { quoted } from './quoted.ts';
import { Secret } from './secrets.ts';

/** An address of the web, without a trailing slash. @throws ConfigurationError */
export function web(name: string, value: string): string {
  const { username, password } = parseWeb(name, value);
  if (username !== '' || password !== '') {
    throw wrong(name, 'carries a user name or a password; leave them out', WEB_EXAMPLE);
  }
  return value.replace(/\/+$/, '');
}

/** One that paths are put behind, so that nothing may follow its own. @throws ConfigurationError */
export function webBase(name: string, value: string): string {
  const { search, hash } = parseWeb(name, value);
  if (search === '' && hash === '') return web(name, value);
  throw wrong(name, 'has a ? or a #, and paths are put behind it; leave that out', WEB_EXAMPLE);
}

/** Every page is at a fixed path, so the address has none; nor what else an address can carry. */
export function origin(name: string, value: string): string {
  const parsed = parseWeb(name, value);
  if (parsed.href === `${parsed.origin}/`) return parsed.origin;
  throw wrong(
    name,
    'must be a scheme, a host and, if need be, a port, and nothing else',
    WEB_EXAMPLE,
  );
}

const WEB_EXAMPLE = 'https://tocsin.example';

/** Stricter than `new URL`, which accepts an address without // and removes line breaks: the text is also used unparsed. */
function parseWeb(name: string, value: string): URL {
  // A password in it, though it has no place there, is not repeated.
  const said = value.includes('@') ? '' : `${quoted(value)} `;
  const [scheme] = /^[a-z][a-z\d+.-]*:(?=\/\/)/i.exec(value) ?? [];
  if (scheme !== undefined && !/^https?:$/i.test(scheme)) {
    throw wrong(name, `${said}must start with http:// or https://`, WEB_EXAMPLE);
  }
  if (scheme !== undefined && !/\s/.test(value) && URL.canParse(value)) return new URL(value);
  throw wrong(name, `${said}is not an address of the web`, WEB_EXAMPLE);
}

function wrong(name: string, why: string, example: string): ConfigurationError {
  return new ConfigurationError(`${name}: ${why}, such as ${name}=${example}`);
}

/** Connection strings carry passwords, so they are secrets and are not repeated in an error. */
export function url(name: string, value: string, protocols: readonly string[]): Secret | null {
  if (value === '') return null;
  const example = `${protocols[0]}//USER:PASSWORD@HOST/…`;
  const [scheme = ''] = /^[a-z]+:(?=\/\/)/i.exec(value) ?? [];
  if (!protocols.includes(scheme.toLowerCase())) {
    throw wrong(name, `must start with ${protocols.join('// or ')}//`, example);
  }
  const parsed = URL.canParse(value) ? new URL(value) : null;
  if (namesSeveral(value, parsed)) {
    throw wrong(name, 'names several servers, and one is expected', example);
  }
  if (parsed === null || parsed.hash !== '' || /@/.test(parsed.pathname + parsed.search)) {
    throw new ConfigurationError(`${name}: is not an address (a URL is expected); ${ENCODE}`);
  }
  refuseOtherEscapes(name, value);
  if (/[\r\n\t]/.test(value)) throw wrong(name, 'has a line break or a tab in it', example);
  if (parsed.hostname === '' && !parsed.searchParams.get('host')) {
    throw new ConfigurationError(`${name}: names no server; write ${example}`);
  }
  return new Secret(value);
}

/** As libpq takes them, with commas between. What is behind an @ that comes late is no list: a password has a / or ? in it. */
function namesSeveral(value: string, parsed: URL | null): boolean {
  const [, authority = '', rest = ''] = /^[^/]*\/\/([^/?#]*)(.*)$/s.exec(value) ?? [];
  if (rest.includes('@')) return false;
  const hosts = authority.slice(authority.lastIndexOf('@') + 1);
  return hosts.includes(',') || (parsed?.searchParams.get('host') ?? '').includes(',');
}

/**
 * What uses an address decodes each %XX as UTF-8 (RFC 3986, 2.1). What is none of that each program takes in its own way: as it stands, by
 * leaving all others as they stand, too, or by failing with words of its own. @throws ConfigurationError
 */
export function refuseOtherEscapes(name: string, value: string): void {
  if (/%(?![\da-f]{2})/i.test(value)) {
    throw new ConfigurationError(
      `${name}: has a % that begins no %XX; write a % in a user name or password as %25`,
    );
  }
  for (const [escapes] of value.matchAll(/(?:%[\da-f]{2})+/gi)) {
    try {
      decodeURIComponent(escapes);
    } catch {
      throw new ConfigurationError(
        `${name}: has a % before two signs that are no letter of UTF-8; write a % in a user name or password as %25`,
      );
    }
  }
}

/** How to write what would end a part of an address. */
export const ENCODE =
  'in a user name or password write / as %2F, @ as %40, # as %23, ? as %3F, : as %3A, % as %25';

/** What stands between commas. */
export function listOf(text: string): string[] {
  return text.split(',').flatMap((part) => part.trim() || []);
}
