import { existsSync } from 'node:fs';
import { ConfigurationError } from '../src/domain/errors.ts';
import { quoted } from './quoted.ts';

/**
 * A path as a variable gives it. What a shell would have put something else in place of comes to us as it was written where no shell reads the
 * line: in a service's unit, an .env file, a compose file. It would name a folder called `~` below the one that we were started in.
 * @throws ConfigurationError, one line.
 */
export function plainPath(variable: string, text: string): string {
  const home = /^~[^/]*/.exec(text)?.[0];
  if (home !== undefined) {
    const whose = home === '~' ? 'your home folder' : `the home folder of ${home.slice(1)}`;
    throw new ConfigurationError(
      `${variable}: ${quoted(text)} begins with ${home}, for which only a shell puts ${whose}; write the whole path, such as /home/USER${text.slice(home.length)}, or ./${text} for a folder of that name`,
    );
  }
  const name = /\$(?:\w+|\{[^}]*\})/.exec(text)?.[0];
  if (name !== undefined && !existsSync(text)) {
    throw new ConfigurationError(
      `${variable}: ${quoted(text)} has ${name} in it, for which only a shell puts a value; write the whole path`,
    );
  }
  if (/^file:/i.test(text)) {
    throw new ConfigurationError(
      `${variable}: ${quoted(text)} is an address; write the path alone, ${text.replace(/^file:(\/\/[^/]*)?/i, '')}`,
    );
  }
  return text;
}
