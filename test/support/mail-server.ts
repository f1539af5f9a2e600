import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { atEnd } from './at-end.ts';

/** A mail as a server gets it. */
export interface GotMail {
  to: string;
  /** Headers and body, as they came. */
  raw: string;
  /** The plain part, decoded. */
  text: string;
  subject: string;
}

/** A mail server of a test's own. */
export interface MailServer {
  url: string;
  mails: GotMail[];
  /** Every recipient that was named, refused ones too. */
  asked: string[];
  /** What recipients are answered; null: taken. */
  refuse(reply: (recipient: string) => number | null): void;
  /** From here on the server takes mails and never says so; with false, it does again. */
  fallSilent(silent?: boolean): void;
  /** How many mails it holds without having said so. */
  held(): number;
}

/** Starts a real SMTP server on a port of its own; it ends with the test or file that asked for it. */
export async function startMailServer(): Promise<MailServer> {
  const mails: GotMail[] = [];
  const asked: string[] = [];
  let reply: (recipient: string) => number | null = () => null;
  let silent = false;
  let held = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    closeTimeout: 100,
    onRcptTo: ({ address }, _session, done) => {
      asked.push(address);
      const code = reply(address);
      if (code === null) return done();
      done(Object.assign(new Error('no'), { responseCode: code }));
    },
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address).join(', ');
        mails.push(
          read(
            to,
            Buffer.concat(parts)
              .toString('utf8')
              .replace(/\r\n[ \t]+/g, ' '),
          ),
        );
        if (silent) held += 1;
        else done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  atEnd(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    asked,
    refuse: (next) => {
      reply = next;
    },
    fallSilent: (now = true) => {
      silent = now;
    },
    held: () => held,
  };
}

function read(to: string, raw: string): GotMail {
  const boundary = /boundary="?([^"\r\n;]+)/.exec(raw)?.[1] ?? '\0';
  const part =
    raw.split(`--${boundary}`).find((one) => /content-type: text\/plain/i.test(one)) ?? raw;
  const [head = '', ...body] = part.trim().split(/\r?\n\r?\n/);
  const encoding = /content-transfer-encoding: (\S+)/i.exec(head)?.[1]?.toLowerCase();
  const subject = /^subject: (.*)$/im.exec(raw)?.[1]?.trim() ?? '';
  const text = decode(body.join('\n\n'), encoding).replace(/\r\n/g, '\n');
  return { to, raw, subject, text };
}

function decode(text: string, encoding: string | undefined): string {
  if (encoding === 'base64') return Buffer.from(text, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return text;
  const bytes = text
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_all, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
