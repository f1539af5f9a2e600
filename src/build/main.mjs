// `npm run build`, and npm's own `prepare` after `npm ci`. Always builds anew: a dist/ that is there may be damaged.
import { describeFailure, rebuild } from './build.mjs';

try {
  await rebuild();
  console.log('dist/ is built.');
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
