"""Feeds and article pages of the three invented outlets."""

from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from tracker.demo.content import Article, Outlet, articles, outlets


class Sheet:
    """What a path shows at a time: a body, its type, and when it last changed."""

    def __init__(self, body: bytes, media_type: str, changed: datetime | None = None) -> None:
        self.body = body
        self.media_type = media_type
        self.changed = changed


def published(outlet: Outlet, now: datetime) -> list[Article]:
    """The articles of an outlet that have appeared, newest first."""
    seen = [a for a in articles() if a.outlet == outlet.id and a.published <= now]
    return seen[::-1]


def show(path: str, now: datetime, base: str) -> Sheet | None:
    """The feed or the page at a path, or None where nothing has appeared yet."""
    for outlet in outlets().values():
        if path == outlet.feed_path:
            return _feed(outlet, now, base)
        for article in published(outlet, now):
            if path == article.path:
                return _page(outlet, article, now, base)
    return None


def _feed(outlet: Outlet, now: datetime, base: str) -> Sheet:
    seen = published(outlet, now)
    changed = max((article.changed(now) for article in seen), default=None)
    if outlet.feed == "rss":
        text, media_type = _rss(outlet, seen, now, base), "application/rss+xml"
    else:
        text, media_type = _atom(outlet, seen, now, base), "application/atom+xml"
    body = text.encode(outlet.encoding, "xmlcharrefreplace")
    return Sheet(body, f"{media_type}; charset={outlet.encoding}", changed)


def _rss(outlet: Outlet, seen: list[Article], now: datetime, base: str) -> str:
    items = "".join(
        f"""    <item>
      <title>{escape(article.title)}</title>
      <link>{base}{article.path}?utm_source=rss</link>
      <guid isPermaLink="true">{base}{article.path}</guid>
      <pubDate>{format_datetime(article.published)}</pubDate>
      <description>{escape(article.teaser(now))}</description>
    </item>
"""
        for article in seen
    )
    return f"""<?xml version="1.0" encoding="{outlet.encoding.upper()}"?>
<rss version="2.0">
  <channel>
    <title>{escape(outlet.name)}</title>
    <link>{base}{outlet.path}/</link>
    <description>{escape(outlet.tagline)}</description>
    <language>{outlet.language}</language>
{items}  </channel>
</rss>
"""


def _atom(outlet: Outlet, seen: list[Article], now: datetime, base: str) -> str:
    entries = "".join(
        f"""  <entry>
    <title type="html">{escape(escape(article.title))}</title>
    <id>tag:{outlet.id}.example,2019:{article.slug}</id>
    <link rel="alternate" type="text/html" href="{article.path.removeprefix(outlet.path + "/")}"/>
    <published>{article.published.isoformat()}</published>
    <updated>{article.changed(now).isoformat()}</updated>
    <author><name>{escape(article.byline)}</name></author>
    <summary type="html">&lt;p&gt;{escape(escape(article.teaser(now)))}&lt;/p&gt;</summary>
  </entry>
"""
        for article in seen
    )
    latest = max((article.changed(now) for article in seen), default=datetime(2019, 1, 1, tzinfo=UTC))
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{base}{outlet.path}/" xml:lang="{outlet.language}">
  <title>{escape(outlet.name)}</title>
  <subtitle>{escape(outlet.tagline)}</subtitle>
  <id>tag:{outlet.id}.example,2019:feed</id>
  <link rel="self" href="{base}{outlet.feed_path}"/>
  <updated>{latest.isoformat()}</updated>
{entries}</feed>
"""


def _page(outlet: Outlet, article: Article, now: datetime, base: str) -> Sheet:
    revision = article.revised(now)
    modified = f'\n<meta property="article:modified_time" content="{revision.at.isoformat()}">' if revision else ""
    sections = "".join(f'<li><a href="#">{escape(name)}</a></li>' for name in outlet.sections)
    paragraphs = "\n".join(f"<p>{escape(text, quote=False)}</p>" for text in article.text(now))
    url = f"{base}{article.path}"
    text = f"""<!DOCTYPE html>
<html lang="{outlet.language}">
<head>
<meta charset="{outlet.encoding}">
<title>{escape(article.title)} | {escape(outlet.name)}</title>
<link rel="canonical" href="{url}">
<meta property="og:type" content="article">
<meta property="og:title" content="{escape(article.title)}">
<meta property="og:site_name" content="{escape(outlet.name)}">
<meta property="og:url" content="{url}">
<meta name="description" content="{escape(article.teaser(now))}">
<meta property="article:published_time" content="{article.published.isoformat()}">{modified}
</head>
<body>
<div class="cookie-banner" role="dialog"><p>{escape(outlet.cookies)}</p></div>
<header><p class="tagline">{escape(outlet.tagline)}</p><nav><ul>{sections}</ul></nav></header>
<main>
<article>
<h1>{escape(article.title)}</h1>
<p class="byline"><span rel="author">{escape(article.byline)}</span>
<time datetime="{article.published.isoformat()}">{article.published:%Y-%m-%d %H:%M}</time></p>
<div class="article-body">
{paragraphs}
</div>
</article>
</main>
{_related(outlet, article)}
<div class="newsletter"><p>{escape(outlet.newsletter)}</p></div>
<footer><p>{escape(outlet.footer)}</p></footer>
</body>
</html>
"""
    body = text.encode(outlet.encoding, "xmlcharrefreplace")
    return Sheet(body, f"text/html; charset={outlet.encoding}", article.changed(now))


def _related(outlet: Outlet, article: Article) -> str:
    """The headlines beside an article: older ones only, so that a page changes by edits alone."""
    links = "".join(
        f'<li><a href="{older.path}">{escape(older.title)}</a></li>'
        for older in published(outlet, article.published)
        if older is not article
    )
    return f'<aside class="related"><h2>{escape(outlet.related)}</h2><ul>{links}</ul></aside>'
