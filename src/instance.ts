import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.ts';
import { startWorkers, type Workers } from '../workers/start-workers.ts';
import { issueFirstLink } from './actions/operator/operator-access.ts';
import { type Context, createContext } from './context.ts';
import { ConfigurationError } from './domain/errors.ts';
import { createApp } from './http/app.ts';
import { SOCKETS } from './http/limits/sockets.ts';
import { type Logger, logStart } from './log.ts';
import { openRecords } from './open-records.ts';

/** A whole instance in one process: records, queue, pages, API and workers. */
export interface Instance {
  ctx: Context;
  /** Where it can be reached. */
  url: string;
  /** The first operator's one-time link; on the first start only. */
  firstLink: string | null;
  /** Whether a job has gone round each queue. Where not, posts go out all the same. */
  goesRound: boolean;
  dispose(): Promise<void>;
}

/**
 * Starts an instance. The port is taken first, so that a busy one is known before anything else is touched. `records`: as they
 * are being opened already.
 * @throws ConfigurationError, one line.
 */
export async function startInstance(
  config: Config,
  log: Logger,
  stopping: AbortSignal,
  records = openRecords(config, log),
): Promise<Instance> {
  const ctx = await createContext(config, log, stopping, { records });
  warnOfPublicClient(config, log);
  warnOfNoMail(config, log);
  let app: FastifyInstance | null = null;
  let workers: Workers | null = null;
  const dispose = async (): Promise<void> => {
    if (app) await closeApp(app);
    await workers?.stop();
    await ctx.dispose();
  };
  try {
    logStart(log, 'context');
    app = await createApp(ctx);
    const url = await listen(app, config);
    logStart(log, 'pages');
    ctx.baseUrl ||= url;
    workers = await startWorkers(ctx, 'instance');
    logStart(log, 'workers');
    const goesRound = await workers.untilRound();
    logStart(log, 'queues');
    const link = await issueFirstLink(ctx);
    const firstLink = link && ctx.baseUrl + link.path;
    return { ctx, url: ctx.baseUrl, firstLink, goesRound, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** An app at X may be one, so that it is no error; it is far more often a secret that was forgotten, and the first who joins would meet it. */
function warnOfPublicClient({ platforms: { x } }: Config, log: Logger): void {
  if (x.clientId === '' || x.clientSecret !== null) return;
  const mend = 'set X_CLIENT_SECRET if the app is a web app or a bot; a native app has none';
  log.warn({ mend }, 'X_CLIENT_SECRET is not set: X is told that the app is a public client');
}

/** An operator who sets one of the two means to send mail; the other half would be missed when the first campaign asks for reminders. */
function warnOfNoMail({ mail }: Config, log: Logger): void {
  if (mail.from === '' || mail.smtpUrl !== null) return;
  const mend = 'set SMTP_URL, such as SMTP_URL=smtps://USER:PASSWORD@HOST, or leave MAIL_FROM out';
  log.warn({ mend }, 'MAIL_FROM is set and SMTP_URL is not: no mail is sent');
}

/** How long a request under way may still take when the instance is to stop. */
const LAST_REQUESTS_MS = 10_000;

async function closeApp(app: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), LAST_REQUESTS_MS);
  await app.close();
  clearTimeout(timer);
}

/** Which variable is wrong, and what to set. */
function explainListen(
  { code, message }: NodeJS.ErrnoException,
  host: string,
  port: number,
): ConfigurationError {
  const at = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  switch (code) {
    case 'EADDRINUSE':
      return new ConfigurationError(
        `PORT: ${at} is in use by another program; choose another, for example PORT=${port < 65_535 ? port + 1 : port - 1}`,
      );
    case 'EACCES':
      return new ConfigurationError(
        `PORT: this user may not listen on ${at}; choose one above 1023, for example PORT=3000`,
      );
    default:
      return new ConfigurationError(
        `HOST: "${host}" is no address of this machine (${message}); write 127.0.0.1 for this machine alone, or 0.0.0.0 for every address that it has`,
      );
  }
}

async function listen(app: FastifyInstance, config: Config): Promise<string> {
  const { host, port } = config.http;
  try {
    await app.listen({ host, port, backlog: SOCKETS.waiting });
  } catch (error) {
    throw explainListen(error as NodeJS.ErrnoException, host, port);
  }
  const address = app.server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}
