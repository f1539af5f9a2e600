// A developer's program: posts with X's own library, and tells as JSON what it heard.
import { Client } from '@xdevplatform/xdk';

const { url, accessToken, text } = JSON.parse(process.argv[2]);
const client = new Client({ baseUrl: url, accessToken });
const me = await client.users.getMe();
const post = await client.posts.create({ text });
console.log(JSON.stringify({ id: post.data.id, text: post.data.text, account: me.data.id }));
