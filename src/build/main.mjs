// `npm run build`, and npm's own `prepare` after `npm ci`. Builds always: whoever asks for it may have a damaged dist/.
import { rebuild } from './build.mjs';

try {
  await rebuild();
  console.log('dist/ is built.');
} catch (error) {
  console.error(`dist/ could not be built: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
