"""A person's program: posts to a Mastodon server with the library Mastodon.py, and tells as JSON what it heard."""
import json
import re
import sys
import urllib.parse
import urllib.request

from mastodon import Mastodon

given = json.loads(sys.argv[1])
url, text, account = given["url"], given["text"], given["account"]
redirect = "urn:ietf:wg:oauth:2.0:oob"
scopes = ["read", "write"]
client_id, secret = Mastodon.create_app(
    "Mastodon.py", scopes=scopes, redirect_uris=redirect, api_base_url=url
)
server = Mastodon(client_id=client_id, client_secret=secret, api_base_url=url)
page = urllib.parse.urlsplit(server.auth_request_url(scopes=scopes, redirect_uris=redirect))
form = urllib.parse.parse_qsl(page.query) + [("account", account), ("decision", "allow")]
sent = urllib.request.urlopen(
    f"{page.scheme}://{page.netloc}{page.path}", urllib.parse.urlencode(form).encode(), timeout=20
)
shown = sent.read().decode()
code = re.search(r'<input[^>]* readonly value="([^"]+)"', shown).group(1)
server.log_in(code=code, scopes=scopes, redirect_uri=redirect)
me = server.account_verify_credentials()
post = server.status_post(text, visibility="public", idempotency_key="the-same-twice")
again = server.status_post(text, visibility="public", idempotency_key="the-same-twice")
listed = server.account_statuses(me["id"])
print(
    json.dumps(
        {
            "account": me["acct"],
            "id": str(post["id"]),
            "again": str(again["id"]),
            "listed": [str(one["id"]) for one in listed],
            "instance": server.instance()["title"],
        }
    )
)
