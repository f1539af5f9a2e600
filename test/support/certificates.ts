import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './services/programs.ts';
import { tempFolder } from './temp.ts';

/** Paths of PEM files. */
export interface Certificate {
  cert: string;
  key: string;
}

export interface SignOptions {
  /** What the certificate is for; default: localhost and 127.0.0.1. */
  names?: string;
  /** Not valid any more. */
  expired?: boolean;
}

/** A certificate authority that no machine knows. */
export interface Authority {
  /** Its own certificate, for those who are to trust it. */
  ca: string;
  sign(name: string, options?: SignOptions): Promise<Certificate>;
}

/** As libpq and `redis-server` want it: no passphrase, one folder for each certificate. Made by openssl. */
export async function createAuthority(): Promise<Authority> {
  const folder = await tempFolder('ca');
  const ca = join(folder, 'ca.pem');
  const caKey = join(folder, 'ca.key');
  const configuration = join(folder, 'ca.cnf');
  await writeFile(join(folder, 'index.txt'), '');
  await writeFile(join(folder, 'serial'), '01');
  await writeFile(configuration, settingsOf(folder));
  const subject = ['-subj', '/CN=Tocsin test authority', '-days', '30'];
  await openssl(['req', '-x509', ...KEY, '-keyout', caKey, '-out', ca, ...subject]);
  return {
    ca,
    sign: async (name, { names = 'DNS:localhost,IP:127.0.0.1', expired = false } = {}) => {
      const place = join(folder, name);
      await mkdir(place);
      const [cert, key, request] = ['cert.pem', 'key.pem', 'request.pem'].map((file) =>
        join(place, file),
      ) as [string, string, string];
      const about = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${names}`];
      await openssl(['req', ...KEY, '-keyout', key, '-out', request, ...about]);
      const from = expired ? '20200101000000Z' : '20240101000000Z';
      const to = expired ? '20200102000000Z' : '20440101000000Z';
      await openssl([
        ...['ca', '-batch', '-notext', '-config', configuration],
        ...['-cert', ca, '-keyfile', caKey, '-startdate', from, '-enddate', to],
        ...['-in', request, '-out', cert],
      ]);
      return { cert, key };
    },
  };
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function settingsOf(folder: string): string {
  return `[ca]
default_ca = authority
[authority]
new_certs_dir = ${folder}
database = ${join(folder, 'index.txt')}
serial = ${join(folder, 'serial')}
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
`;
}

async function openssl(args: string[]): Promise<void> {
  const made = await run('openssl', args, { timeoutMs: 30_000 });
  if (made.code !== 0) throw new Error(`openssl ${args[0]} failed: ${made.output.trim()}`);
}
