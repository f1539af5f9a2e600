import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../config/secrets.ts';
import { reminderLetter } from '../../src/mail/letters.ts';
import { createMailer, type Mailer } from '../../src/mail/mailer.ts';
import { atEnd } from '../support/at-end.ts';
import { freePort } from '../support/free-port.ts';
import { startProcess } from '../support/process.ts';
import { tempFolder } from '../support/temp.ts';
import { waitFor } from '../support/wait-for.ts';

const PROGRAM = 'test/peers/node_modules/maildev/bin/maildev';

/** A mail as a program that nobody here wrote has read it. */
interface Received {
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
  from: { address: string; name: string }[];
  to: { address: string }[];
}

/** A mail server of maildev's, and our way to it. */
async function startMaildev(): Promise<{ mailer: Mailer; received: () => Promise<Received[]> }> {
  const [smtp, web] = [await freePort(), await freePort()];
  const ports = ['--smtp', String(smtp), '--web', String(web)];
  const folder = await tempFolder('maildev');
  await startProcess({
    args: [PROGRAM, ...ports, '--ip', '127.0.0.1', '--mail-directory', folder],
  });
  const received = async () => {
    const signal = AbortSignal.timeout(5_000);
    return (await (await fetch(`http://127.0.0.1:${web}/email`, { signal })).json()) as Received[];
  };
  await waitFor(async () => Array.isArray(await received()), { timeoutMs: 20_000 });
  const from = 'Reminders <reminders@tocsin.example>';
  const mailer = createMailer({ smtpUrl: new Secret(`smtp://127.0.0.1:${smtp}`), from });
  if (!mailer) throw new Error('There is no mailer');
  atEnd(() => mailer.dispose());
  return { mailer, received };
}

describe('a reminder', () => {
  it.each([
    ['en', 'UTC', '2027-07-10T08:00'],
    ['ru', 'Europe/Moscow', '2027-07-10T11:00'],
  ])('arrives as it was written, in %s', async (locale, zone, wall) => {
    const { mailer, received } = await startMaildev();
    const link = `https://tocsin.example/m/${randomUUID()}`;
    const eraseUrl = `${link}/erase`;
    const moment = { instant: '2027-07-10T08:00:00.000Z', wall, zone };
    const letter = reminderLetter({ locale, moment, link, eraseLink: eraseUrl });
    const messageId = `<${randomUUID()}@tocsin.example>`;
    await mailer.send({ ...letter, to: 'somebody@example.org', messageId, eraseUrl });
    const [mail, ...others] = await waitFor(async () => {
      const mails = await received();
      return mails.length > 0 ? mails : null;
    });
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      subject: letter.subject,
      from: [{ address: 'reminders@tocsin.example', name: 'Reminders' }],
      to: [{ address: 'somebody@example.org' }],
    });
    expect(mail?.text.trim()).toBe(letter.text.trim());
    expect(mail?.html).toContain(`href="${link}"`);
    expect(mail?.headers).toMatchObject({
      'message-id': messageId,
      'list-unsubscribe': `<${eraseUrl}>`,
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
    });
  });
});
