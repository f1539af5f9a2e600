// A Bluesky server and the directory that its accounts are in, both fresh and on loopback only. Arguments: an empty folder.
const { randomBytes } = require('node:crypto');
const net = require('node:net');

// Neither of the two can be told where to listen, and both would listen everywhere.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  if (typeof args[0] === 'number') args.splice(1, 0, '127.0.0.1');
  else if (typeof args[0] === 'object' && args[0] !== null) args[0].host = '127.0.0.1';
  return listen.apply(this, args);
};

const { Database, PlcServer } = require('@did-plc/server');
const { PDS, envToCfg, envToSecrets, readEnv } = require('@atproto/pds');

async function main(folder, port) {
  const directory = PlcServer.create({ db: Database.mock(), port: 0 });
  const { port: directoryPort } = (await directory.start()).address();
  const directoryUrl = `http://localhost:${directoryPort}`;
  Object.assign(process.env, {
    PDS_HOSTNAME: 'localhost',
    PDS_PORT: port,
    PDS_DEV_MODE: 'true',
    PDS_INVITE_REQUIRED: 'false',
    PDS_DATA_DIRECTORY: folder,
    PDS_BLOBSTORE_DISK_LOCATION: `${folder}/blobs`,
    PDS_DID_PLC_URL: directoryUrl,
    PDS_SERVICE_HANDLE_DOMAINS: '.test',
    PDS_JWT_SECRET: randomBytes(16).toString('hex'),
    PDS_ADMIN_PASSWORD: process.env.PDS_ADMIN_PASSWORD,
    PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: randomBytes(32).toString('hex'),
  });
  const env = readEnv();
  const pds = await PDS.create(envToCfg(env), envToSecrets(env));
  await pds.start();
  console.log(`Directory is at ${directoryUrl}`);
  console.log(`Server is at http://localhost:${port}`);
  process.once('SIGTERM', () => {
    void Promise.all([pds.destroy(), directory.destroy()]).then(() => process.exit(0));
  });
}

void main(process.argv[2], process.argv[3]);
