import { checkLine } from './campaign-fields.ts';
import type { ProblemList } from './problem-list.ts';
import { hashtagsIn } from './text/hashtags.ts';
import { leftoverProblem, placeholderIn } from './text/leftovers.ts';
import { linksIn } from './text/links.ts';
import { showsNothing } from './words.ts';

/** An account's name behind its sign; not an e-mail address, which has something before it. */
const MENTION = /(?<![\p{L}\p{M}\p{N}_.@-])@[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.@-]*/u;

/**
 * A content warning as it is kept. It is one line of plain text, in which Mastodon makes no link, hashtag or mention of anything:
 * app/services/process_hashtags_service.rb and process_mentions_service.rb look at the text alone.
 */
export function checkContentWarning(report: ProblemList, field: string, text: string): string {
  const known = report.problems.length;
  const line = checkLine(report, field, text);
  if (report.problems.length > known) return line;
  const problem =
    emptyProblem(line) ?? deadProblem(line) ?? placeholderProblem(line) ?? leftoverProblem(line);
  if (problem) report.add(field, problem);
  return line;
}

function emptyProblem(line: string): string | null {
  return showsNothing(line)
    ? 'holds nothing that can be seen; write what the posts are about'
    : null;
}

function placeholderProblem(line: string): string | null {
  const found = placeholderIn(line)?.found;
  return found === undefined
    ? null
    : `holds "${found}", which would be shown as it stands: nothing is filled in there; write what it stands for`;
}

/** What would be a link in the text and is none here. */
function deadProblem(line: string): string | null {
  const link = linksIn(line)[0]?.text;
  if (link !== undefined) {
    return `holds the link ${link}, which nobody can open there; say only what the posts are about, and leave the link to the message`;
  }
  const tag = hashtagsIn(line)[0]?.tag;
  if (tag !== undefined) {
    return `holds #${tag}, which is no hashtag there; write it without the #, and leave hashtags to the message`;
  }
  const name = MENTION.exec(line)?.[0];
  return name === undefined
    ? null
    : `holds ${name}, which names no account there; write it without the @`;
}
