import type { Config } from '../../config/config.ts';
import type { MailTrouble } from '../domain/reminder.ts';
import type { Letter } from './letters.ts';

/** A letter and whom it is for. */
export interface Mail extends Letter {
  to: string;
  /** The same for every try, so that mail programs fold two into one. */
  messageId: string;
  /** Where the recipient can have their address erased, with one click of their mail program (RFC 8058). */
  eraseUrl: string;
}

/** The mail server did not take a mail. Its own words name the address, so only codes are kept of them. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
  readonly trouble: MailTrouble;
  constructor(trouble: MailTrouble) {
    super(`${trouble.code} ${trouble.reply}`);
    this.trouble = trouble;
  }
}

export interface Mailer {
  /** Resolves once the server has taken it. @throws MailRefused */
  send(mail: Mail): Promise<void>;
  dispose(): void;
}

/** Mails that one process hands over at a time, each on a connection that is kept. */
export const MAIL_CONNECTIONS = 10;
/** With all of these together a mail has an end well within MAIL_MARK_MS. */
const CONNECT_MS = 10_000;
const SILENCE_MS = 20_000;

/** Null where no mail server is configured. */
export function createMailer({ smtpUrl, from }: Config['mail']): Mailer | null {
  if (smtpUrl === null) return null;
  const options = {
    url: smtpUrl.reveal(),
    pool: true,
    maxConnections: MAIL_CONNECTIONS,
    maxMessages: 1_000,
    // Whether a mail is tried again is ours to say, and it is written down before.
    maxRequeues: 0,
    dnsTimeout: CONNECT_MS,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  // Loaded only where a mail server is configured, and then before the first mail.
  const loading = import('nodemailer').then(({ createTransport }) =>
    createTransport(options as Parameters<typeof createTransport>[0]),
  );
  return {
    send: async ({ to, subject, text, html, messageId, eraseUrl }) => {
      const list = {
        'List-Unsubscribe': `<${eraseUrl}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        'Auto-Submitted': 'auto-generated',
      };
      const transport = await loading;
      try {
        await transport.sendMail({ from, to, subject, text, html, messageId, headers: list });
      } catch (error) {
        throw new MailRefused(troubleOf(error));
      }
    },
    dispose: () => void loading.then((transport) => transport.close()),
  };
}

function troubleOf(error: unknown): MailTrouble {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  return {
    code: typeof code === 'string' && /^[A-Z_]{2,20}$/.test(code) ? code : 'EUNKNOWN',
    reply: typeof responseCode === 'number' ? responseCode : 0,
  };
}
