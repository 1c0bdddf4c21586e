#!/usr/bin/env python3
"""`python .github/screenshots.py FOLDER`: what a person sees in Airflow and Kibana, as PNG. Needs playwright."""

import sys
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

AIRFLOW = "http://localhost:8080"
KIBANA = "http://localhost:5601"
AIRFLOW_PAGES = {"dags": "/dags", "ingest": "/dags/ingest", "runs": "/dag_runs"}
KIBANA_PAGES = {"dashboards": "/app/dashboards", "discover": "/app/discover"}
PATIENCE_MS = 60_000


def read_env(path: Path) -> dict[str, str]:
    """Names and values of `.env`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def log_in_to_airflow(context: BrowserContext, password: str) -> None:
    """Get a token and put it where the login page would: into the cookie `_token`."""
    answer = context.request.post(f"{AIRFLOW}/auth/token", data={"username": "admin", "password": password})
    context.add_cookies([{"name": "_token", "value": answer.json()["access_token"], "url": AIRFLOW}])


def log_in_to_kibana(page: Page, password: str) -> None:
    """Fill the login form in as user copydesk."""
    page.goto(f"{KIBANA}/login")
    page.fill("[data-test-subj=loginUsername]", "copydesk")
    page.fill("[data-test-subj=loginPassword]", password)
    page.click("[data-test-subj=loginSubmit]")
    page.wait_for_url(lambda url: "/login" not in url)


def shoot(page: Page, base: str, paths: dict[str, str], folder: Path) -> None:
    """One picture for each path, once the page has had time to draw."""
    for name, path in paths.items():
        page.goto(f"{base}{path}")
        page.wait_for_timeout(8_000)
        page.screenshot(path=folder / f"{base.rsplit(':', 1)[1]}-{name}.png", full_page=True)


def main(folder: Path) -> None:
    """Log in at both and take all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    env = read_env(Path(".env"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch()
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.set_default_timeout(PATIENCE_MS)
        log_in_to_airflow(context, env["AIRFLOW_ADMIN_PASSWORD"])
        page = context.new_page()
        shoot(page, AIRFLOW, AIRFLOW_PAGES, folder)
        log_in_to_kibana(page, env["COPYDESK_ELASTICSEARCH__PASSWORD"])
        shoot(page, KIBANA, KIBANA_PAGES, folder)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
