/** What a supporter has to tell before they can authorize: nothing, the server their account is on, or its handle. */
export type RequiredLocator = 'nothing' | 'server' | 'handle';

/** Why what a supporter typed leads nowhere. Each is a sentence on the page. */
export const LOCATOR_PROBLEMS = [
  /** It is no name of a server, or no handle. */
  'malformed',
  /** There is nothing at that name, or it answers nothing that we can use. */
  'not_found',
  /** It leads into a private network. */
  'private',
  /** It is there, but not what the platform expects: not such a server, or one that is too old. */
  'not_one',
  /** It did not answer in time, or with far too much. */
  'unreachable',
  /** What looks names up for us failed, so that it was never asked itself. */
  'lookup_failed',
  /** It refuses the permission that is asked for, which is too small for it. */
  'scope_unknown',
  /** It does not let people in through this service. */
  'service_refused',
  /** It takes no posts that are text alone. */
  'no_text_posts',
  /** A shield before it wants to see a person's browser. */
  'challenged',
  /** It is known by another name, which the person is asked about. */
  'other_name',
  /** The text is longer than this server takes. */
  'text_too_long',
  /** It reads signs of the text as formatting, and would show it otherwise. */
  'reads_markup',
] as const;
export type LocatorProblem = (typeof LOCATOR_PROBLEMS)[number];

/** White space, and what cannot be seen: copied handles often carry marks of direction. */
const UNSEEN = /[\s\p{Cc}\p{Cf}]+/gu;
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//;
/** Where an address's server ends. */
const PATH = /[/?#\\]/;

/**
 * Forgives what people type or paste instead of the bare name: `@me@server`, the address of a page, capitals, white space,
 * a dot or slash at the end. Gives the name in lower case, '' where nothing is left; whether it is one is for the platform
 * to say. Tidying twice changes nothing.
 */
export function normaliseLocator(asked: RequiredLocator, typed: string): string {
  const text = typed.normalize('NFKC').toLowerCase().normalize('NFKC').replace(UNSEEN, '');
  switch (asked) {
    case 'nothing':
      return '';
    case 'server':
      return normaliseServer(text);
    case 'handle':
      return normaliseHandle(text);
  }
}

/** What is after the last @ of the address, or of the full handle. */
function normaliseServer(text: string): string {
  const server = firstPart(withoutScheme(text)).split('@').at(-1) ?? '';
  return trimmed(server);
}

/** The name before the server's in `me@server` or `@me@server`; else ''. */
export function parseLocatorUser(typed: string): string {
  const text = typed.normalize('NFKC').toLowerCase().replace(UNSEEN, '');
  return /^@?([^@/\\?#:]+)@[^@/\\?#]+$/.exec(text)?.[1] ?? '';
}

/** The address of a profile has the handle after `profile`; else the server of an address is the handle itself. */
function normaliseHandle(text: string): string {
  const address = withoutScheme(text);
  const profile = address === text ? undefined : /\/profile\/([^/?#\\]+)/.exec(address)?.[1];
  return trimmed(profile ?? firstPart(address.replace(/^[@/\\]+/, '')));
}

function withoutScheme(text: string): string {
  return text.replace(SCHEME, '').replace(/^[/\\]+/, '');
}

function firstPart(text: string): string {
  return text.split(PATH)[0] ?? '';
}

function trimmed(name: string): string {
  return name.replace(/^[@.]+|\.+$/g, '');
}

/** What a supporter typed cannot be used. `message` is for the log and names no account. */
export class LocatorRejected extends Error {
  override readonly name = 'LocatorRejected';
  readonly problem: LocatorProblem;
  /** The other name, where that is the problem. */
  readonly otherName: string | null;
  constructor(problem: LocatorProblem, message: string, otherName: string | null = null) {
    super(message);
    this.problem = problem;
    this.otherName = otherName;
  }
}
