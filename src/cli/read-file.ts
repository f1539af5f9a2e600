import { readFile } from 'node:fs/promises';
import { UsageError } from './command.ts';

/** A file that an argument names. @throws UsageError when it cannot be read. */
export async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageError(`${path}: cannot be read (${(error as Error).message})`);
  }
}

export async function readText(path: string): Promise<string> {
  return (await readBytes(path)).toString('utf8');
}
