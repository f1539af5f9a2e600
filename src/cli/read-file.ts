import { readFile } from 'node:fs/promises';
import { decodeText } from '../domain/campaign-file/decode-text.ts';
import { UsageError } from './command.ts';

/** A file that an argument names. @throws UsageError when it cannot be read. */
export async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageError(`${path}: cannot be read (${(error as Error).message})`);
  }
}

/** A text file that an argument names, in UTF-8. @throws UsageError when it cannot be read; InputError when it is no such text. */
export async function readText(path: string): Promise<string> {
  return decodeText(await readBytes(path));
}
