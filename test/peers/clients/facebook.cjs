// A developer's program: posts to a page with Meta's own library, and tells as JSON what it heard.
const { FacebookAdsApi, Page, User } = require('facebook-nodejs-business-sdk');

async function main({ url, accessToken, text }) {
  // The library knows no other address than Meta's; its tests set this one.
  Object.defineProperty(FacebookAdsApi, 'GRAPH', { get: () => url });
  FacebookAdsApi.init(accessToken, 'en_US', false);
  const accounts = await new User('me').getAccounts(['id', 'name', 'access_token']);
  const { id, access_token: pageToken } = accounts[0];
  FacebookAdsApi.init(pageToken, 'en_US', false);
  const post = await new Page(id).createFeed(['id'], { message: text });
  const feed = await new Page(id).getFeed(['id', 'message']);
  const listed = feed.map(({ id: one, message }) => ({ id: one, message }));
  console.log(JSON.stringify({ page: id, id: post.id, listed, version: FacebookAdsApi.VERSION }));
}

void main(JSON.parse(process.argv[2]));
