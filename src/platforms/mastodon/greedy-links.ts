import { linksIn } from '../../domain/text/links.ts';

/** What Mastodon takes for a part of a path or query: as a rule everything but blanks and a few signs. */
const PATH_GOES_ON = /[^\p{White_Space}<>()?]/u;
const PATH_MAY_END = /[^\p{White_Space}()?!*"'「」<>;:=,.$%[\]~&|@]/u;
const QUERY_GOES_ON =
  /[a-z0-9!?*'();:&=+$/%#[\]_.,~|@^\u00A0-\uD7FF\uF900-\uFFEF\u{10000}-\u{EFFFD}-]/iu;
const QUERY_MAY_END = /[a-z0-9_&=#/\u00A0-\uD7FF\uF900-\uFFEF\u{10000}-\u{EFFFD}-]/iu;

/**
 * The links with a scheme that Mastodon makes of a text: it changes twitter-text so that quotes, dashes and letters of every
 * script go on with a path. github.com/mastodon/mastodon, config/initializers/twitter_regex.rb.
 */
export function greedyLinksIn(text: string): string[] {
  return linksIn(text)
    .filter(({ hasScheme }) => hasScheme)
    .map((link) => link.text + whatFollows(link.text, text.slice(link.end)));
}

/** Where a link has neither path nor query, only a slash or a question mark goes on with it. */
function whatFollows(link: string, rest: string): string {
  const after = link.replace(/^https?:\/\//i, '');
  if (after.includes('?')) return run(rest, QUERY_GOES_ON, QUERY_MAY_END);
  return after.includes('/') ? run(rest, PATH_GOES_ON, PATH_MAY_END) : '';
}

/** As far as signs go on, and then back to the last that may end it. */
function run(text: string, goesOn: RegExp, mayEnd: RegExp): string {
  let passed = '';
  let kept = '';
  for (const sign of text) {
    if (!goesOn.test(sign)) break;
    passed += sign;
    if (mayEnd.test(sign)) kept = passed;
  }
  return kept;
}
