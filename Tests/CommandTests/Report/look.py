"""Opens pages in headless Chromium, and prints as JSON what it found on each at each width and colour scheme.

Usage: look.py CHROMIUM [--shots FOLDER] PAGE...

It speaks the Chrome DevTools Protocol over a pipe. Of the package axe-playwright-python it takes the script of axe alone.
"""
import base64
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile

WIDTHS = {"phone": (375, 812), "desktop": (1280, 900)}
SCHEMES = ["light", "dark"]


class Browser:
    def __init__(self, program):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_browser, self.out = os.pipe()
        self.input, from_browser = os.pipe()
        for end in (to_browser, from_browser):
            os.set_inheritable(end, True)
        # The browser takes the pipe at the descriptors 3 and 4.
        script = f"exec 3<&{to_browser} 4>&{from_browser}; exec \"$0\" \"$@\""
        self.process = subprocess.Popen(
            ["bash", "-c", script, program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--disable-dev-shm-usage", "--remote-debugging-pipe", f"--user-data-dir={self.profile.name}",
             "about:blank"],
            pass_fds=(to_browser, from_browser), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.number, self.buffer, self.events = 0, b"", []

    def call(self, method, session=None, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def read(self):
        while b"\0" not in self.buffer:
            data = os.read(self.input, 1 << 20)
            if not data:
                raise RuntimeError("the browser has ended")
            self.buffer += data
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def wait(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.read())

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.profile.cleanup()


def evaluate(browser, session, expression):
    result = browser.call("Runtime.evaluate", session, expression=expression, awaitPromise=True, returnByValue=True)
    if "exceptionDetails" in result:
        raise RuntimeError(json.dumps(result["exceptionDetails"]))
    return result["result"].get("value")


def look(browser, page, axe, width, scheme, shots):
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Page", "Runtime", "Network", "Log"):
        browser.call(f"{domain}.enable", session)
    wide, high = WIDTHS[width]
    browser.call("Emulation.setDeviceMetricsOverride", session, width=wide, height=high,
                 deviceScaleFactor=1, mobile=width == "phone")
    browser.call("Emulation.setEmulatedMedia", session,
                 features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.events.clear()
    url = pathlib.Path(page).absolute().as_uri()
    browser.call("Page.navigate", session, url=url)
    browser.wait("Page.loadEventFired")
    if shots:
        size = evaluate(browser, session, "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        shot = browser.call("Page.captureScreenshot", session, captureBeyondViewport=True,
                            clip={"x": 0, "y": 0, "width": wide, "height": min(size[1], 2400), "scale": 1})
        name = f"{pathlib.Path(page).stem}-{width}-{scheme}.png"
        (pathlib.Path(shots) / name).write_bytes(base64.b64decode(shot["data"]))
    # Everything is to be looked at, and closed runs are not shown.
    evaluate(browser, session, "document.querySelectorAll('details').forEach(d => d.open = true)")
    found = {
        "page": pathlib.Path(page).name, "width": width, "scheme": scheme,
        "overflow": evaluate(browser, session, f"document.documentElement.scrollWidth - {wide}"),
        "background": evaluate(browser, session, "getComputedStyle(document.body).backgroundColor"),
        "title": evaluate(browser, session, "document.title"),
        "scripts": evaluate(browser, session, "document.scripts.length"),
        "spilled": evaluate(browser, session, """
            [...document.querySelectorAll('.environment, dl, .facts > div, figure, li, td, tbody th, .failure, summary, .chips a')]
            .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.trim().slice(0, 80))
            """),
        "small": evaluate(browser, session, """
            [...document.querySelectorAll('a, summary')].filter(e => e.className != 'skip' && e.offsetHeight < 44).length
            """),
    }
    found["requests"] = [e["params"]["request"]["url"] for e in browser.events
                         if e.get("method") == "Network.requestWillBeSent"
                         and e["params"]["request"]["url"] not in (url, "data:,")]
    found["complaints"] = [
        e["params"]["entry"]["text"] for e in browser.events if e.get("method") == "Log.entryAdded"
    ] + [json.dumps(e["params"]) for e in browser.events
         if e.get("method") in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown")]
    evaluate(browser, session, axe)
    result = evaluate(browser, session, "axe.run()")
    found["violations"] = [
        f"{v['id']} {node['target']}: {node['failureSummary']}" for v in result["violations"] for node in v["nodes"]
    ]
    found["checked"] = len(result["passes"])
    browser.call("Target.closeTarget", targetId=target)
    return found


def main():
    arguments = sys.argv[1:]
    shots = None
    if "--shots" in arguments:
        at = arguments.index("--shots")
        shots = arguments[at + 1]
        del arguments[at:at + 2]
    program, *pages = arguments
    package = importlib.util.find_spec("axe_playwright_python")
    source = (pathlib.Path(package.submodule_search_locations[0]) / "axe.min.js").read_text()
    browser = Browser(program)
    try:
        for page in pages:
            for width in WIDTHS:
                for scheme in SCHEMES:
                    print(json.dumps(look(browser, page, source, width, scheme, shots)))
    finally:
        browser.close()


main()
