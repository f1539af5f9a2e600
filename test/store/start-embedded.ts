// An instance as far as its embedded database goes, in a process of its own: says "ready", and ends with SIGTERM.
import { startEmbedded } from '../../src/store/embedded/embedded.ts';

const [dataDir = ''] = process.argv.slice(2);
try {
  const database = await startEmbedded(dataDir, {
    onLine: (line) => console.error(line),
    onStart: () => undefined,
    onError: (error) => console.log(`trouble: ${error.message}`),
  });
  process.once('SIGTERM', () => database.stop().then(() => process.exit(0)));
  console.log(`ready ${database.url}`);
} catch (error) {
  console.log(`refused: ${(error as Error).name}: ${(error as Error).message}`);
  process.exitCode = 78;
}
