import { ConfigurationError } from '../src/domain/errors.ts';
import { quoted } from './quoted.ts';
import type { Secret } from './secrets.ts';
import { url } from './urls.ts';

export interface MailConfig {
  /** Null: mails are kept for an operator to look at, and not sent. */
  smtpUrl: Secret | null;
  from: string;
}

/** @throws ConfigurationError, one line that names the variable and the mend. */
export function mailConfig(env: { SMTP_URL: string; MAIL_FROM: string }): MailConfig {
  const smtpUrl = url('SMTP_URL', env.SMTP_URL, ['smtp:', 'smtps:']);
  if (smtpUrl !== null) refuseHalfSignIn(new URL(smtpUrl.reveal()));
  if (smtpUrl !== null && env.MAIL_FROM === '') {
    throw new ConfigurationError(
      `MAIL_FROM: with SMTP_URL, the address that mails come from is needed; ${EXAMPLE}`,
    );
  }
  if (env.MAIL_FROM !== '' && !isMailbox(env.MAIL_FROM)) {
    throw new ConfigurationError(
      `MAIL_FROM: ${quoted(env.MAIL_FROM)} is not one address, alone or in <> behind a name; ${EXAMPLE}`,
    );
  }
  return { smtpUrl, from: env.MAIL_FROM };
}

const EXAMPLE =
  'write for example MAIL_FROM=reminders@example.org or MAIL_FROM="Reminders <reminders@example.org>"';

/** Would be found out by the first mail. */
function refuseHalfSignIn({ username, password }: URL): void {
  if ((username === '') === (password === '')) return;
  throw new ConfigurationError(
    'SMTP_URL: has a user name without a password, or a password without a user name; write both, smtps://USER:PASSWORD@HOST, or neither',
  );
}

const NAME_BEFORE = /^(?:"[^"<>\r\n]*"\s*|[^"<>@,;:()[\]\\\r\n]*)<([^<>]*)>$/;
const ADDRESS = /^[^\s<>()[\]\\,;:"@]+@[^\s<>()[\]\\,;:"@]+$/;

/** What else mail programs understand, such as several addresses, is no sender of ours. */
function isMailbox(text: string): boolean {
  return ADDRESS.test(NAME_BEFORE.exec(text)?.[1] ?? text);
}
